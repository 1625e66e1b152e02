/**
 * Bytes that may be under way unread, of one stream and of the whole connection. At a round trip of 50 ms Node's 64 KiB
 * let 1.25 MB/s through; this lets the line decide.
 */
export const windowBytes = 16 * 1024 * 1024;

/** Streams at once on one tunnel. */
export const mostStreams = 4096;

/** What the other side may have open; more, since it frees a stream a little later than this side does. */
const mostAccepted = 2 * mostStreams;

/**
 * Both sides' settings. Node's defaults are those of a web server among strangers: cancelled streams end the session
 * after a thousand and 33 a second (a server that follows logs cancels that many), and 10 MB of queued data refuse new streams.
 */
export const sessionOptions = {
  settings: { initialWindowSize: windowBytes, maxConcurrentStreams: mostAccepted, enablePush: false },
  /** Megabytes. */
  maxSessionMemory: 1024,
  streamResetBurst: 1_000_000,
  streamResetRate: 1_000_000,
} as const;

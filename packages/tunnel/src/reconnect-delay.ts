const firstMs = 500;
const longestMs = 15_000;

/**
 * Milliseconds to wait before dialing again: anything from nothing to a bound that doubles with every attempt (0 is the
 * first) from 0.5 to 15 s. The full spread keeps a thousand agents of a restarted server apart.
 */
export function reconnectDelay(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10)));
}

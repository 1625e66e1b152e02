import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Scripts come from here alone and none are inline. Style sheets may be inline: the editor, the terminal and the component library
 * make theirs while they run.
 */
const contentSecurityPolicy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `font-src 'self' data:`,
  `connect-src 'self'`,
  `worker-src 'self'`,
  `manifest-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** Serves the built web UI; a path that is no file gets the page, whose router knows it. */
export function createStaticHandler(folder: string | undefined) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    response.setHeader('content-security-policy', contentSecurityPolicy);
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, 'Only GET and HEAD.');
    const found = folder === undefined ? undefined : await findFile(folder, path);
    if (found === undefined) {
      return sendText(
        response,
        404,
        folder === undefined ? 'This server was started without the web UI. The API is below /api.' : 'Not found.',
      );
    }
    const { file, size, modified, hashed } = found;
    const tag = `"${size.toString(16)}-${Math.trunc(modified).toString(16)}"`;
    response.setHeader('etag', tag);
    // The build puts a digest into the names below assets/; everything else is asked for again each time.
    response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': size,
    });
    if (request.method === 'HEAD') response.end();
    else await pipeline(createReadStream(file), response).catch(() => response.destroy());
  };
}

interface FoundFile {
  readonly file: string;
  readonly size: number;
  readonly modified: number;
  readonly hashed: boolean;
}

async function findFile(folder: string, path: string): Promise<FoundFile | undefined> {
  const asked = decodePath(path);
  if (asked === undefined) return undefined;
  const isAsset = asked.startsWith('/assets/');
  const candidates = asked === '/' || (extname(asked) === '' && !isAsset) ? ['/index.html'] : [asked];
  for (const candidate of candidates) {
    const file = normalize(join(folder, candidate));
    if (!file.startsWith(normalize(folder) + sep)) return undefined;
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) return { file, size: found.size, modified: found.mtimeMs, hashed: isAsset };
  }
  return undefined;
}

function decodePath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') || decoded.split('/').some((part) => part.startsWith('.')) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

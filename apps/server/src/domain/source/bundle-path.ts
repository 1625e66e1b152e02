import { posix } from 'node:path';
import { Refusal } from '../refusal.ts';

const longestPath = 4096;

/**
 * A path of a bundle in its one canonical form: relative to the working directory without `.` and `..`, or absolute. Throws for
 * anything else, so that no path can leave the place it is meant for.
 */
export function checkBundlePath(path: string): string {
  const shown = JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path);
  if (path === '' || path.length > longestPath || path.includes('\0'))
    throw new Refusal('invalid', `reading the bundle: ${shown} is no path of a file`);
  const parts = path.split('/').slice(path.startsWith('/') ? 1 : 0);
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new Refusal('invalid', `reading the bundle: the path ${shown} must be written without "..", "." and "//"`);
  return path;
}

/** A working directory as a client gives it: absolute and canonical. */
export function checkWorkingDir(path: string): string {
  if (!posix.isAbsolute(path) || path.length > longestPath || path.includes('\0') || posix.normalize(path) !== path)
    throw new Refusal(
      'invalid',
      `reading the bundle: the working directory ${JSON.stringify(path.slice(0, 80))} is not an absolute path`,
    );
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Lookup } from '../template/substitute.ts';
import type { Variables } from './parse.ts';

/** Reads the format of `docker run --env-file` into `into`: no quotes, no variables, spaces after `=` kept. */
export function parseRawEnv(text: string, into: Variables, lookup: Lookup): void {
  const lines = (text.startsWith('\uFEFF') ? text.slice(1) : text).split('\n');
  for (const [index, whole] of lines.entries()) {
    const line = (whole.endsWith('\r') ? whole.slice(0, -1) : whole).trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = equals === -1 ? line : line.slice(0, equals);
    if (key === '') throw new ComposeError('env-file', `line ${index + 1}: the variable has no name`);
    if (/[ \t]/.test(key)) throw new ComposeError('env-file', `line ${index + 1}: the variable name holds a space`);
    const value = equals === -1 ? lookup(key) : line.slice(equals + 1);
    if (value !== undefined) into.set(key, value);
  }
}

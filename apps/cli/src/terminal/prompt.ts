import { CancelledError, CommandError } from '../command/errors.ts';
import type { Terminal, TextInput } from './terminal.ts';

const longestInput = 16 * 1024 * 1024;

/** Asks a yes-or-no question; only `y` or `yes` is a yes. Without a terminal nobody can answer, which is an error that names the flag. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  if (!terminal.stdin.isTTY) throw new CommandError(`${question} Nobody can answer here: say yes with --yes`);
  terminal.stderr.write(`${question} [y/N] `);
  return /^y(es)?$/i.test((await readLine(terminal.stdin)).trim());
}

/** Asks for a word that may be seen. */
export async function ask(terminal: Terminal, question: string): Promise<string> {
  terminal.stderr.write(`${question}: `);
  return (await readLine(terminal.stdin)).trim();
}

/** Asks for a secret without showing it, or reads it whole from standard input where that is no terminal (one last line break is dropped). */
export async function readSecret(terminal: Terminal, question: string): Promise<string> {
  const { stdin, stderr } = terminal;
  if (!stdin.isTTY || stdin.setRawMode === undefined) return readPiped(stdin);
  // Hidden from the moment on that the question is seen.
  const answer = readHidden(stdin);
  stderr.write(`${question}: `);
  try {
    return await answer;
  } finally {
    stderr.write('\n');
  }
}

/** A secret from standard input: all of it but one last line break. */
export async function readPiped(stdin: TextInput): Promise<string> {
  return (await readAll(stdin)).replace(/\r?\n$/, '');
}

/** All of standard input. */
export async function readAll(stdin: TextInput): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > longestInput) throw new CommandError(`reading standard input: it is longer than ${longestInput} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readLine(stdin: TextInput): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (settle: () => void): void => {
      stdin.off('data', take);
      stdin.off('end', ended);
      stdin.off('error', reject);
      stdin.pause();
      settle();
    };
    const take = (chunk: Buffer | string): void => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end !== -1) finish(() => resolve(text.slice(0, end).replace(/\r$/, '')));
    };
    const ended = (): void => finish(() => reject(new CancelledError('nothing was answered')));
    stdin.on('data', take);
    stdin.on('end', ended);
    stdin.on('error', reject);
    stdin.resume();
  });
}

function readHidden(stdin: TextInput): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stdin.setRawMode?.(true);
    const finish = (settle: () => void): void => {
      stdin.off('data', take);
      stdin.off('end', ended);
      stdin.setRawMode?.(false);
      stdin.pause();
      settle();
    };
    const take = (chunk: Buffer | string): void => {
      for (const character of chunk.toString()) {
        if (character === '\r' || character === '\n') {
          finish(() => resolve(text));
          return;
        }
        if (character === '\u0003' || (character === '\u0004' && text === '')) {
          finish(() => reject(new CancelledError('nothing was given')));
          return;
        }
        if (character === '\u007f' || character === '\b') text = [...text].slice(0, -1).join('');
        else if (character === '\u0015') text = '';
        else if (character >= ' ') text += character;
      }
    };
    const ended = (): void => finish(() => reject(new CancelledError('nothing was given')));
    stdin.on('data', take);
    stdin.on('end', ended);
    stdin.resume();
  });
}

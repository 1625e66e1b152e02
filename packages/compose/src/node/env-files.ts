import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ComposeError } from '../diagnostics/compose-error.ts';
import { parseDotenv, type Variables } from '../dotenv/parse.ts';
import { defaultLimits } from '../load/limits.ts';

/** The `.env` of a folder where there is one, unless COMPOSE_DISABLE_ENV_FILE says no. */
export async function implicitEnvFile(folder: string, disabled: string | undefined): Promise<string | undefined> {
  if (disabled !== undefined && isTrue(disabled)) return undefined;
  const file = join(folder, '.env');
  const found = await stat(file).catch(() => undefined);
  return found === undefined || found.isDirectory() ? undefined : file;
}

/** Adds the variables of env files that the environment has not; of two files the later one wins. */
export async function addEnvFiles(files: readonly string[], environment: Map<string, string>): Promise<void> {
  const variables: Variables = new Map();
  const budget = { left: defaultLimits.interpolatedChars };
  for (const file of files) {
    try {
      const text = await readEnvFile(resolve(file));
      parseDotenv(text, variables, (name) => environment.get(name), { budget });
    } catch (thrown) {
      if (thrown instanceof ComposeError) throw new ComposeError(thrown.code, `reading ${file}: ${thrown.message}`);
      throw thrown;
    }
  }
  for (const [name, value] of variables) if (!environment.has(name)) environment.set(name, value);
}

async function readEnvFile(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new ComposeError('not-found', 'there is no such env file');
  if (found.isDirectory()) throw new ComposeError('unreadable', 'it is a folder, no env file');
  if (found.size > defaultLimits.fileBytes) throw new ComposeError('limit', 'it is too large for an env file');
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new ComposeError('unreadable', 'it may not be read');
  }
}

function isTrue(text: string): boolean {
  if (['1', 't', 'T', 'true', 'True', 'TRUE'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'False', 'FALSE'].includes(text)) return false;
  throw new ComposeError(
    'value',
    `COMPOSE_DISABLE_ENV_FILE is ${JSON.stringify(text)}, which is neither true nor false`,
  );
}

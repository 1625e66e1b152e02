import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '@drover/base';
import { type HostFacts, parseHostFacts } from '@drover/compose/verdict/host-facts';
import { CommandError } from '../command/errors.ts';
import type { Context } from '../context.ts';

/** The facts of `--host-facts FILE`; none without. Throws `CommandError` with every mistake in the file. */
export async function readHostFacts(context: Context, file: string | undefined): Promise<HostFacts> {
  if (file === undefined) return {};
  const text = await readFile(resolve(context.directory, file), 'utf8').catch((error: unknown) => {
    throw new CommandError(`reading the host facts ${file}: ${messageOf(error)}`, { cause: error });
  });
  const parsed = parseHostFacts(text);
  if (!parsed.ok) throw new CommandError(`reading the host facts ${file}: ${parsed.mistakes.join('; ')}`);
  return parsed.facts;
}

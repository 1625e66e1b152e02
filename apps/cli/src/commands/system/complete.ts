import type { Invocation } from '../../command/command.ts';
import type { Completion } from '../../command/flag.ts';
import { type Candidate, type Completions, complete } from '../../completion/complete.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { oneLine } from '../../terminal/width.ts';
import type { completeSpec } from './specs.ts';

/** What the words before say of the server's side. */
type Given = Pick<Completions, 'projectName' | 'environment'>;

/** Longer than this nobody waits for a completion. */
const patience = 1500;

/** `__complete SHELL INDEX WORDS…`: the index counts the program's name as 0. Never fails: no answer is an answer. */
export async function run(context: Context, { rest }: Invocation<typeof completeSpec.flags>): Promise<number> {
  const [shell, index, ...words] = rest;
  const joined = joinSplitWords(words.slice(0, Number(index)), shell === 'bash');
  const current = joined.length >= 1 && Number(index) <= words.length ? joined.pop()! : '';
  const { candidates, dynamic, prefix, ...given } = complete(joined, current, context.commands);
  const all = [...candidates, ...(await dynamicCandidates(context, dynamic, given))];
  const typed = current.slice(prefix.length);
  context.print(dynamic === 'file' ? 'files' : dynamic === 'directory' ? 'directories' : 'none');
  for (const { value, describe } of all)
    if (value.startsWith(typed))
      // bash has split the word at `=`, and replaces only what comes after.
      context.print(`${shell === 'bash' ? '' : prefix}${value}\t${oneLine(describe)}`);
  return 0;
}

/** bash gives `--file=x` as three words. */
function joinSplitWords(words: readonly string[], split: boolean): string[] {
  if (!split) return [...words];
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last !== undefined && (word === '=' || last.endsWith('='))) joined[joined.length - 1] = last + word;
    else joined.push(word);
  }
  return joined;
}

async function dynamicCandidates(context: Context, kind: Completion, given: Given): Promise<readonly Candidate[]> {
  if (kind === 'none' || kind === 'file' || kind === 'directory') return [];
  if (kind === 'field') {
    const { fieldNames } = await import('@drover/compose/verdict/field');
    return fieldNames().map((value) => ({ value, describe: '' }));
  }
  const deadline = new Promise<readonly Candidate[]>((resolve) => setTimeout(resolve, patience, []).unref());
  return Promise.race([askServer(context, kind, given).catch(() => []), deadline]);
}

async function askServer(
  context: Context,
  kind: Exclude<Completion, 'none' | 'file' | 'directory' | 'field'>,
  { projectName, environment }: Given,
): Promise<readonly Candidate[]> {
  const { client } = await context.connect(environment);
  if (kind === 'environment')
    return (await client.environments.list()).map(({ name, state }) => ({ value: name, describe: state }));
  if (kind === 'stack')
    return (await client.stacks.list()).map(({ name, state }) => ({ value: name, describe: state }));
  if (kind === 'host')
    return (await client.hosts.list({})).map(({ name, state }) => ({ value: name, describe: state }));
  if (kind === 'volume')
    return (await client.volumes.list()).map(({ name, stack }) => ({ value: name, describe: stack ?? '' }));
  const name = projectName ?? (await resolveStackName(context));
  if (kind === 'revision')
    return (await client.stacks.revisions({ name })).map(({ number, origin }) => ({
      value: String(number),
      describe: origin,
    }));
  const { serviceStates } = await client.stacks.get({ name });
  if (kind === 'service')
    return serviceStates.map((each) => ({ value: each.name, describe: `${each.running}/${each.wanted} running` }));
  return serviceStates.flatMap(({ containers }) =>
    containers.map((each) => ({ value: each.name, describe: each.status })),
  );
}

import type { ConformanceCase } from './case.ts';
import { jsonDifference, textDifference } from './difference.ts';
import type { Outcome, Program } from './program.ts';
import { stageCase } from './stage.ts';

/** Asks the real program and Drover the same and says the first thing in which they differ. */
export async function compareLive(
  given: ConformanceCase,
  oracle: Program,
  drover: Program,
): Promise<string | undefined> {
  using stage = stageCase(given);
  const place = { cwd: stage.root, env: stage.env };
  const questions: readonly (readonly string[])[] = [['--format', 'json'], [], ['--hash', '*'], ...given.also];
  for (const question of questions) {
    const line = [...stage.args, 'config', ...question];
    const [wanted, got] = await Promise.all([oracle(line, place), drover(line, place)]);
    const found = outcomeDifference(wanted, got, question);
    if (found !== undefined) return question.length === 0 ? found : `${question.join(' ')}: ${found}`;
    if (wanted.code !== 0 && !given.also.includes(question)) return undefined;
  }
  return undefined;
}

function outcomeDifference(wanted: Outcome, got: Outcome, question: readonly string[]): string | undefined {
  if (wanted.code !== 0) return refusalFault(got, firstLine(wanted.stderr));
  if (got.code !== 0) return `status ${got.code}: ${firstLine(got.stderr)}`;
  if (question.includes('json'))
    return jsonDifference(wanted.stdout, got.stdout) ?? textDifference(wanted.stdout, got.stdout);
  if (question.some((flag) => unordered.has(flag)))
    return textDifference(sortedLines(wanted.stdout), sortedLines(got.stdout));
  return textDifference(wanted.stdout, got.stdout);
}

/** docker compose writes these in the order of a Go map. */
const unordered = new Set(['--hash', '--variables', '--environment', '--images', '--profiles', '--services']);

/** What is wrong with a refusal: it has to end with a status, and with a sentence that is no stack trace. */
export function refusalFault(got: Outcome, reason: string): string | undefined {
  if (got.code === 0) return `expected a refusal (${reason}), but it succeeded`;
  if (got.code === -1) return 'it did not end';
  if (got.stderr.trim() === '') return 'it failed without a word';
  return /^\s+at .*:\d+:\d+/m.test(got.stderr) ? 'it failed with a stack trace' : undefined;
}

export function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('time="')) ?? '';
}

export function sortedLines(text: string): string {
  return text.trimEnd().split('\n').sort().join('\n');
}

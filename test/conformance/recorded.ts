import type { RecordedCase } from './case.ts';
import { jsonDifference, textDifference } from './difference.ts';
import { firstLine, refusalFault, sortedLines } from './live.ts';
import type { Program } from './program.ts';
import { type Stage, stageCase } from './stage.ts';

/** Asks Drover what docker compose was asked once and says the first thing in which they differ. */
export async function compareRecorded(given: RecordedCase, drover: Program): Promise<string | undefined> {
  using stage = stageCase(given);
  const ask = (...flags: string[]) => drover([...stage.args, 'config', ...flags], { cwd: stage.root, env: stage.env });
  const { json, yaml, hashes, hashesNeedRoot } = given.recording;
  const answer = await ask('--format', 'json');
  if (json === undefined) return refusalFault(answer, 'recorded');
  if (answer.code !== 0) return `status ${answer.code}: ${firstLine(answer.stderr)}`;
  const found = jsonDifference(json, recordedAs(answer.stdout, given, stage));
  if (found !== undefined) return found;
  if (yaml !== undefined) {
    const difference = textDifference(yaml, recordedAs((await ask()).stdout, given, stage));
    if (difference !== undefined) return `yaml, ${difference}`;
  }
  if (hashes === undefined) return undefined;
  const here = (text: string): string => sortedLines(withoutServices(text, hashesNeedRoot));
  const difference = textDifference(here(hashes), here((await ask('--hash', '*')).stdout));
  return difference === undefined ? undefined : `--hash, ${difference}`;
}

/** An output with the folders that the case was recorded in: `$ROOT` is the project's, `$ROOT/..` the one above. */
function recordedAs(output: string, { recording }: RecordedCase, { root }: Stage): string {
  let text = output.replaceAll(`${root}-neutral`, recording.home).replaceAll(root, recording.root);
  let above = '/..';
  for (
    let folder = root.slice(0, root.lastIndexOf('/'));
    folder !== '';
    folder = folder.slice(0, folder.lastIndexOf('/'))
  ) {
    if (folder.split('/').length < 3) break;
    text = text.replaceAll(folder, recording.root + above);
    above += '/..';
  }
  return text;
}

function withoutServices(lines: string, names: readonly string[]): string {
  return lines
    .split('\n')
    .filter((line) => !names.includes(line.split(' ')[0] ?? ''))
    .join('\n');
}

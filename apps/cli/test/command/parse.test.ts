import { expect, test } from 'vitest';
import { UsageError } from '../../src/command/errors.ts';
import { parseCommandLine } from '../../src/command/parse.ts';
import { commands } from '../../src/commands/table.ts';

const parse = (line: string) => parseCommandLine(words(line), commands);
const words = (line: string): string[] => (line === '' ? [] : line.split(' '));

function refusal(argv: readonly string[]): string {
  try {
    parseCommandLine(argv, commands);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'accepted';
}

test('global flags stand before and after the verb', () => {
  for (const line of [
    '-f a.yaml -p shop ps',
    'ps -f a.yaml -p shop',
    '-f a.yaml ps --project-name=shop',
    'ps -fa.yaml -p=shop',
  ]) {
    const { global, command } = parse(line);
    expect([global.file, global.projectName, command?.spec.name], line).toEqual([['a.yaml'], 'shop', 'ps']);
  }
});

test("a command's own flag counts after the verb where the spellings are the same", () => {
  const { global, invocation } = parse('-f compose.yaml logs -f -t web');
  expect(global.file).toEqual(['compose.yaml']);
  expect(invocation.flags).toMatchObject({ follow: true, timestamps: true });
  expect(invocation.args).toEqual(['web']);
});

test('short flags are clustered and take their value from the same or the next word', () => {
  expect(parse('exec -it web sh').invocation.flags).toMatchObject({ interactive: true, tty: true });
  expect(parse('logs -fn5').invocation.flags).toMatchObject({ follow: true, tail: '5' });
  expect(parse('logs -fn 5').invocation.flags).toMatchObject({ follow: true, tail: '5' });
});

test('everything behind the service belongs to the remote command', () => {
  const { invocation, global } = parse('exec web ls -la --json -p x');
  expect(invocation.args).toEqual(['web']);
  expect(invocation.rest).toEqual(['ls', '-la', '--json', '-p', 'x']);
  expect(global.json).toBe(false);
  expect(parse('exec web -- -x').invocation.rest).toEqual(['-x']);
  expect(parse('exec -- web -x').invocation.rest).toEqual(['-x']);
});

test('flags and arguments mix, and -- ends the flags', () => {
  expect(parse('ps web -q db').invocation).toMatchObject({ args: ['web', 'db'], flags: { quiet: true } });
  expect(parse('ps -- -q').invocation).toMatchObject({ args: ['-q'], flags: { quiet: false } });
});

test('commands of two words', () => {
  expect(parse('-p x registry ls --json').command?.spec.name).toBe('registry ls');
  expect(refusal(['registry'])).toBe('registry wants one of: login, logout, ls.');
  expect(refusal(['registry', 'lgoin'])).toContain('Did you mean login?');
});

test('values of every kind', () => {
  expect(parse('rollback --timeout 1m30s 3').invocation).toMatchObject({ flags: { timeout: 90 }, args: ['3'] });
  expect(parse('history --limit 5').invocation.flags).toMatchObject({ limit: 5 });
  expect(parse('ps --json=false').global.json).toBe(false);
  expect(parse('-f - ps').global.file).toEqual(['-']);
});

test.each([
  [['lss'], 'there is no command "lss". Did you mean ls?'],
  [['ls', '--jsn'], 'ls: there is no flag "--jsn". Did you mean --json?'],
  [['ls', '-z'], 'ls: there is no flag -z.'],
  [['ls', '-qz'], 'ls: there is no flag -z in "-qz".'],
  [['ls', 'shop'], 'ls: "shop" is one word too many; ls takes flags only.'],
  [['adopt'], 'adopt: PROJECT is missing: drover adopt PROJECT'],
  [['adopt', 'a', 'b'], 'adopt: "b" is one word too many.'],
  [['ps', '-p'], 'ps: -p wants a value: -p NAME.'],
  [
    ['ps', '--project-name', '--json'],
    'ps: --project-name wants a value: --project-name NAME. (If "--json" is meant, join it with =.)',
  ],
  [['history', '--limit', 'many'], 'history: --limit wants a whole number of at least 1, not "many".'],
  [['down', '-v'], 'down: -v wants a value: -v NAME. Data is removed by name only; drover volumes lists them.'],
  [['-p', '-x', 'up'], '-p wants a value: -p NAME. (If "-x" is meant, join it with =.)'],
  [['down', '-t', 'soon'], 'down: -t wants a time such as 30 or 1m30s, not "soon".'],
  [['ls', '--color', 'alway'], 'ls: --color is one of auto, always, never, not "alway". Did you mean always?'],
  [['ls', '--quiet=maybe'], 'ls: --quiet is true or false, not "maybe".'],
  [['../x'], 'there is no command "../x".'],
  [['$(id)'], 'there is no command "$(id)".'],
  [['\u001b[31mred'], 'there is no command "�[31mred".'],
])('%j is refused in one sentence', (argv, sentence) => {
  expect(refusal(argv)).toBe(sentence);
});

test('every example of the help is a command line that parses', () => {
  for (const { spec } of commands)
    for (const { line } of spec.examples) {
      const [words] = line.replace(/^.*?(\.\/bin\/)?drover /, 'drover ').split(/ [<>|] /);
      const argv = words!
        .replace(/[")']+$/, '')
        .split(' ')
        .slice(1);
      expect(parseCommandLine(argv, commands).command?.spec.name, line).toBe(spec.name);
    }
});

test('no command has two flags of one letter, or hides a long global flag', () => {
  for (const { spec } of commands) {
    const letters = Object.values(spec.flags).flatMap(({ short }) => short ?? []);
    expect(new Set(letters).size, spec.name).toBe(letters.length);
    expect(
      Object.keys(spec.flags).filter((name) => ['json', 'file', 'projectName', 'help', 'server'].includes(name)),
      spec.name,
    ).toEqual([]);
  }
});

import { describe, expect, it } from 'vitest';
import { parseLabCommand } from '../src/arguments.ts';
import { LabUsageError } from '../src/errors.ts';
import { imageNames } from '../src/image/catalog.ts';

describe('parseLabCommand', () => {
  it('gives each host its engine, the last one named to the rest', () => {
    expect(parseLabCommand(['up', '--hosts', '3', '--engine', '28,20.10'])).toEqual({
      verb: 'up',
      name: 'lab',
      engines: ['28', '20.10', '20.10'],
      images: imageNames,
    });
  });

  it('leaves the arguments of a program alone', () => {
    const command = parseLabCommand(['exec', '--name=two', 'n1', 'docker', 'run', '--name', 'x', '-it', '--', '$(id)']);
    const args = ['docker', 'run', '--name', 'x', '-it', '--', '$(id)'];
    expect(command).toEqual({ verb: 'exec', name: 'two', host: 'n1', args });
  });

  it('takes options before and after the host', () => {
    const command = { verb: 'kill', name: 'two', host: 'n1' };
    expect(parseLabCommand(['kill', 'n1', '--name', 'two'])).toEqual(command);
    expect(parseLabCommand(['kill', '--name', 'two', 'n1'])).toEqual(command);
  });

  it.each([
    [[], 'a verb is missing'],
    [['fly'], 'there is no verb "fly"'],
    [['up'], 'up needs --hosts N'],
    [['up', '--hosts'], '--hosts needs a value'],
    [['up', '--hosts', '0'], '--hosts takes a number between 1 and 100, not "0"'],
    [['up', '--hosts', '2x'], '--hosts takes a number'],
    [['up', '--hosts', '1', '--engine', '19.03'], 'there is no engine "19.03"; there are 20.10, 26, 28, none'],
    [['up', '--hosts', '1', '--engine', '26,28'], '--engine names 2 engines for 1 hosts'],
    [['up', '--hosts', '1', '--images', 'oracle'], 'there is no image "oracle"'],
    [['up', '--hosts', '1', '--hosts', '2'], '--hosts is given twice'],
    [['up', '--hosts', '1', 'now'], 'up does not know what to do with "now"'],
    [['up', '--hosts', '1', '--name', '../x'], '"../x" is no name for a lab'],
    [['down', '--hosts', '1'], 'down has no option "--hosts"'],
    [['exec', 'n1'], 'exec takes a host and a program'],
    [['kill'], 'kill takes a host'],
    [['kill', 'n1', 'n2'], 'kill does not know what to do with "n2"'],
  ])('refuses %j in one sentence', (argv, sentence) => {
    expect(() => parseLabCommand(argv)).toThrow(LabUsageError);
    expect(() => parseLabCommand(argv)).toThrow(sentence);
  });
});

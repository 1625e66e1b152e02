/** One thing that a fake process does. */
export type ProgramStep =
  | { readonly type: 'print'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'sleep'; readonly milliseconds: number }
  | { readonly type: 'copy-input' }
  | { readonly type: 'exit'; readonly code: number };

interface Command {
  readonly steps: readonly ProgramStep[];
  readonly exitCode: number;
}

type Environment = ReadonlyMap<string, string>;

/**
 * Reads the few commands that tests of real engines use (`true`, `false`, `sleep`, `echo`, `printenv`, `cat`, `exit`,
 * and `sh -c` with a row of them), so that the same test runs against the fake. Anything else is `null`: a service.
 */
export function readProgram(command: readonly string[], environment: Environment): readonly ProgramStep[] | null {
  const [program, flag, script] = command;
  if ((program === 'sh' || program === '/bin/sh') && flag === '-c' && script !== undefined) {
    return readScript(script, environment);
  }
  const read = readCommand(command);
  return read === null ? null : [...read.steps, { type: 'exit', code: read.exitCode }];
}

function readScript(script: string, environment: Environment): readonly ProgramStep[] | null {
  const steps: ProgramStep[] = [];
  let exitCode = 0;
  for (const line of script.split(/\s*(?:;|&&|\n)\s*/)) {
    if (line === '' || line.startsWith('trap ')) continue;
    const words = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
    const read = readCommand(words.map((word) => expand(word, environment)).filter((word) => word !== 'exec'));
    if (read === null) return null;
    steps.push(...read.steps);
    exitCode = read.exitCode;
  }
  return [...steps, { type: 'exit', code: exitCode }];
}

function readCommand(words: readonly string[]): Command | null {
  const [name, ...rest] = words;
  switch (name) {
    case 'true':
      return { steps: [], exitCode: 0 };
    case 'false':
      return { steps: [], exitCode: 1 };
    case 'exit':
      return { steps: [{ type: 'exit', code: Number(rest[0] ?? 0) }], exitCode: 0 };
    case 'sleep':
      return {
        steps: [{ type: 'sleep', milliseconds: Number(rest[0]) * 1000 || Number.POSITIVE_INFINITY }],
        exitCode: 0,
      };
    case 'cat':
      return rest.length === 0 ? { steps: [{ type: 'copy-input' }], exitCode: 0 } : null;
    case 'echo': {
      const toError = rest.at(-1) === '>&2';
      const text = (toError ? rest.slice(0, -1) : rest).join(' ');
      return { steps: [{ type: 'print', stream: toError ? 'stderr' : 'stdout', text: `${text}\n` }], exitCode: 0 };
    }
    default:
      return null;
  }
}

function expand(word: string, environment: Environment): string {
  if (word.startsWith("'")) return word.slice(1, -1);
  const bare = word.startsWith('"') ? word.slice(1, -1) : word;
  return bare.replace(/\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g, (_, name: string) => environment.get(name) ?? '');
}

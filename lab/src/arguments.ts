import { unreachable } from '@drover/base';
import { type EngineName, engineEditions, isEngineName, newestEngine } from './engines.ts';
import { LabUsageError } from './errors.ts';
import { type ImageName, imageNames } from './image/catalog.ts';
import { hostLimit } from './subnet.ts';

/** What a command line asks for. */
export type LabCommand =
  | {
      readonly verb: 'up';
      readonly name: string;
      readonly engines: readonly EngineName[];
      readonly images: readonly ImageName[];
    }
  | { readonly verb: 'exec'; readonly name: string; readonly host: string; readonly args: readonly string[] }
  | { readonly verb: 'kill' | 'start' | 'cut' | 'heal'; readonly name: string; readonly host: string }
  | { readonly verb: 'down'; readonly name: string }
  | { readonly verb: 'prepare'; readonly engines: readonly EngineName[]; readonly images: readonly ImageName[] }
  | { readonly verb: 'status' | 'sweep' | 'help' };

export const usage = `usage: npm run lab -- VERB

  up --hosts N [--engine E[,E…]] [--images I[,I…]]   make a lab of N hosts; the last engine named serves the rest
  exec HOST PROGRAM [ARGUMENT…]                      run a program in a host, with this terminal
  kill HOST, start HOST                              the sudden loss of a host, and its return with the same disk
  cut HOST, heal HOST                                take a host off the network, and put it back
  status                                             the labs of this machine
  down                                               end a lab and remove everything of it
  prepare [--engine E[,E…]] [--images I[,I…]]        fill the cache: root file systems and images
  sweep                                              remove labs whose owner has ended

--name NAME (default: lab) tells labs apart; it comes before HOST.
Engines: ${engineEditions.map((edition) => edition.engine).join(', ')}. Images: ${imageNames.join(', ')}.
`;

const verbs = ['up', 'exec', 'kill', 'start', 'cut', 'heal', 'down', 'status', 'prepare', 'sweep', 'help'] as const;
type Verb = (typeof verbs)[number];
type OptionName = 'name' | 'hosts' | 'engine' | 'images';

const optionsOf: Readonly<Record<Verb, readonly OptionName[]>> = {
  up: ['name', 'hosts', 'engine', 'images'],
  exec: ['name'],
  kill: ['name'],
  start: ['name'],
  cut: ['name'],
  heal: ['name'],
  down: ['name'],
  prepare: ['engine', 'images'],
  status: [],
  sweep: [],
  help: [],
};

/** Reads a command line; throws LabUsageError with one sentence where it makes no sense. */
export function parseLabCommand(argv: readonly string[]): LabCommand {
  const [first, ...rest] = argv;
  if (first === undefined) throw new LabUsageError('a verb is missing; "npm run lab -- help" lists them');
  if (first === '--help' || first === '-h') return { verb: 'help' };
  const verb = verbs.find((candidate) => candidate === first);
  if (!verb) throw new LabUsageError(`there is no verb "${first}"; "npm run lab -- help" lists them`);
  const { options, words } = splitOptions(verb, rest);
  const name = nameIn(options);
  switch (verb) {
    case 'up':
      expectWords(verb, words, 0);
      return { verb, name, engines: enginesForHosts(options), images: imagesIn(options) };
    case 'exec': {
      const [host, ...args] = words;
      if (host === undefined || args.length === 0) throw new LabUsageError('exec takes a host and a program');
      return { verb, name, host, args };
    }
    case 'kill':
    case 'start':
    case 'cut':
    case 'heal':
      expectWords(verb, words, 1);
      return { verb, name, host: words[0]! };
    case 'down':
      expectWords(verb, words, 0);
      return { verb, name };
    case 'prepare':
      expectWords(verb, words, 0);
      return {
        verb,
        engines: enginesIn(options) ?? engineEditions.map(({ engine }) => engine),
        images: imagesIn(options),
      };
    case 'status':
    case 'sweep':
    case 'help':
      expectWords(verb, words, 0);
      return { verb };
    default:
      return unreachable(verb);
  }
}

/** Options end where the words of `exec` begin, so that a program's own options stay its own. */
function splitOptions(
  verb: Verb,
  argv: readonly string[],
): { options: ReadonlyMap<OptionName, string>; words: string[] } {
  const options = new Map<OptionName, string>();
  const words: string[] = [];
  for (let place = 0; place < argv.length; place += 1) {
    const word = argv[place]!;
    if (!word.startsWith('-')) {
      if (verb === 'exec') return { options, words: argv.slice(place) };
      words.push(word);
      continue;
    }
    const [, spelled, inline] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const option = optionsOf[verb].find((candidate) => candidate === spelled);
    if (!option) throw new LabUsageError(`${verb} has no option "${word.split('=')[0]}"`);
    if (options.has(option)) throw new LabUsageError(`--${option} is given twice`);
    const value = inline ?? argv[place + 1];
    if (inline === undefined) place += 1;
    if (value === undefined || value === '') throw new LabUsageError(`--${option} needs a value`);
    options.set(option, value);
  }
  return { options, words };
}

function expectWords(verb: Verb, words: readonly string[], count: 0 | 1): void {
  if (words.length > count) throw new LabUsageError(`${verb} does not know what to do with "${words[count]}"`);
  if (words.length < count) throw new LabUsageError(`${verb} takes a host`);
}

function nameIn(options: ReadonlyMap<OptionName, string>): string {
  const name = options.get('name') ?? 'lab';
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    throw new LabUsageError(`"${name}" is no name for a lab: lower-case letters, digits and hyphens, a letter first`);
  }
  return name;
}

function enginesForHosts(options: ReadonlyMap<OptionName, string>): EngineName[] {
  const text = options.get('hosts');
  if (text === undefined) throw new LabUsageError('up needs --hosts N');
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > hostLimit) {
    throw new LabUsageError(`--hosts takes a number between 1 and ${hostLimit}, not "${text}"`);
  }
  const engines = enginesIn(options) ?? [newestEngine];
  if (engines.length > count) throw new LabUsageError(`--engine names ${engines.length} engines for ${count} hosts`);
  return Array.from({ length: count }, (_, place) => engines[place] ?? engines.at(-1)!);
}

function enginesIn(options: ReadonlyMap<OptionName, string>): EngineName[] | undefined {
  return options
    .get('engine')
    ?.split(',')
    .map((text) => {
      if (isEngineName(text)) return text;
      const known = engineEditions.map(({ engine }) => engine).join(', ');
      throw new LabUsageError(`there is no engine "${text}"; there are ${known}`);
    });
}

function imagesIn(options: ReadonlyMap<OptionName, string>): readonly ImageName[] {
  const names = options.get('images')?.split(',');
  if (names === undefined) return imageNames;
  return names.map((text) => {
    const found = imageNames.find((name) => name === text);
    if (found) return found;
    throw new LabUsageError(`there is no image "${text}"; there are ${imageNames.join(', ')}`);
  });
}

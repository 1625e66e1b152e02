import { suggest } from '../diagnostics/suggestion.ts';

/** What is known about the hosts of a target. What is absent is not known and taken for what is usual today. */
export interface HostFacts {
  /** The lowest version of the Engine API among the hosts, such as `1.51`. */
  readonly apiVersion?: string;
  readonly os?: 'linux' | 'windows';
  readonly cgroupVersion?: 1 | 2;
  /** Whether the kernel has IPVS, which Swarm's virtual addresses and its routing mesh are made of. */
  readonly ipvs?: boolean;
  /** Whether builds can go through buildx. */
  readonly buildx?: boolean;
  /** Whether the engine is part of a Swarm. */
  readonly swarm?: boolean;
  /** How many hosts the environment has. */
  readonly hosts?: number;
  /** The container runtimes that the engine knows: `runc`, `nvidia`. */
  readonly runtimes?: readonly string[];
}

interface FactKind {
  /** What is wanted, in words. */
  readonly wants: string;
  readonly about: string;
  is(value: unknown): boolean;
}

/** One row for every fact; the reference page and the checks are made from it. */
export const factKinds: { readonly [Fact in keyof HostFacts]-?: FactKind } = {
  apiVersion: {
    wants: 'a version of the Engine API such as "1.51"',
    about: 'the lowest version of the Engine API among the hosts',
    is: (value) => typeof value === 'string' && /^\d{1,3}\.\d{1,3}$/.test(value),
  },
  os: {
    wants: '"linux" or "windows"',
    about: 'the operating system of the hosts',
    is: (value) => value === 'linux' || value === 'windows',
  },
  cgroupVersion: {
    wants: '1 or 2',
    about: 'the version of cgroups of the hosts',
    is: (value) => value === 1 || value === 2,
  },
  ipvs: {
    wants: 'true or false',
    about: 'whether the kernel has IPVS, which virtual addresses and the routing mesh of Swarm need',
    is: (value) => typeof value === 'boolean',
  },
  buildx: {
    wants: 'true or false',
    about: 'whether builds can go through buildx',
    is: (value) => typeof value === 'boolean',
  },
  swarm: {
    wants: 'true or false',
    about: 'whether the engine is part of a Swarm',
    is: (value) => typeof value === 'boolean',
  },
  hosts: {
    wants: 'a whole number from 1 on',
    about: 'how many hosts the environment has',
    is: (value) => Number.isInteger(value) && Number(value) >= 1,
  },
  runtimes: {
    wants: 'a list of names such as ["runc", "nvidia"]',
    about: 'the container runtimes that the engine knows',
    is: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  },
};

/** Facts from JSON; every mistake in one sentence. */
export function parseHostFacts(
  text: string,
): { readonly ok: true; readonly facts: HostFacts } | { readonly ok: false; readonly mistakes: readonly string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, mistakes: [`it is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { ok: false, mistakes: ['it must be a JSON object, such as {"apiVersion": "1.51", "ipvs": true}'] };
  }
  const known = Object.keys(factKinds);
  const mistakes = Object.entries(json).flatMap(([name, value]) => {
    if (!Object.hasOwn(factKinds, name)) {
      const meant = suggest(name, known);
      return [
        `there is no fact ${name}; ${meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`}`,
      ];
    }
    const kind = factKinds[name as keyof HostFacts];
    return kind.is(value) ? [] : [`${name} must be ${kind.wants}`];
  });
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, facts: json as HostFacts };
}

export function apiVersionOf(text: string): readonly [major: number, minor: number] {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return [major, minor];
}

/** The first release of Docker Engine with a version of its API. */
const engines: Readonly<Record<string, string>> = {
  '1.41': '20.10',
  '1.42': '23',
  '1.43': '24',
  '1.44': '25',
  '1.45': '26',
  '1.46': '27',
  '1.47': '27.2',
  '1.48': '28',
  '1.49': '28.1',
  '1.50': '28.2',
  '1.51': '28.3',
  '1.52': '29',
};

export function engineOf(api: string): string {
  return engines[api] ?? `with API ${api}`;
}

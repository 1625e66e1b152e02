import { LabError } from './errors.ts';

/** Which engine a host runs; `none` is a bare Debian machine that has no Docker yet. */
export type EngineName = '20.10' | '26' | '28' | 'none';

export interface EngineEdition {
  readonly engine: EngineName;
  /** The Debian suite whose packages have this engine. */
  readonly suite: string;
  /** What `dockerd --version` must say; a distribution that has moved on fails the build of the root file system. */
  readonly engineVersion: string | undefined;
  /** What `docker compose version` must say inside the host. */
  readonly composeVersion: string | undefined;
  readonly packages: readonly string[];
}

/** The docker compose that Drover is held to, run against every engine. */
export const oracleComposeVersion = '2.40.3';

/** The Docker CLI that comes with it. */
export const oracleCliVersion = '28.5.2';

const common = ['ca-certificates', 'curl', 'iproute2', 'iptables', 'procps', 'tini'] as const;

export const engineEditions: readonly EngineEdition[] = [
  {
    engine: '20.10',
    suite: 'bookworm',
    engineVersion: '20.10.24',
    // The suite has only the Python one, so the oracle's plug-in is laid into this root file system.
    composeVersion: oracleComposeVersion,
    packages: [...common, 'docker.io'],
  },
  {
    engine: '26',
    suite: 'trixie',
    engineVersion: '26.1.5',
    composeVersion: '2.26.1',
    packages: [...common, 'docker.io', 'docker-cli', 'docker-compose', 'docker-buildx'],
  },
  {
    engine: '28',
    suite: 'sid',
    engineVersion: '28.5.2',
    composeVersion: '2.40.3',
    packages: [...common, 'docker.io', 'docker-cli', 'docker-compose', 'docker-buildx'],
  },
  {
    engine: 'none',
    suite: 'trixie',
    engineVersion: undefined,
    composeVersion: undefined,
    // What a newcomer's machine has: Node of the distribution, and no Docker.
    packages: ['ca-certificates', 'curl', 'git', 'iproute2', 'nodejs', 'npm', 'procps', 'tini'],
  },
];

export const newestEngine: EngineName = '28';

export function editionOf(engine: EngineName): EngineEdition {
  const edition = engineEditions.find((candidate) => candidate.engine === engine);
  if (!edition) throw new LabError(`choosing an engine: there is no edition ${engine}`);
  return edition;
}

export function isEngineName(text: string): text is EngineName {
  return engineEditions.some((edition) => edition.engine === text);
}

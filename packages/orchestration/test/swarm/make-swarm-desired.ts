import type { Project } from '@drover/compose';
import type { FileContent } from '../../src/model/desired.ts';
import type { SwarmDesired, SwarmFacts, SwarmImage } from '../../src/model/swarm/desired.ts';

export interface SwarmSketch {
  readonly revision?: number;
  readonly facts?: Partial<SwarmFacts>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly configs?: Readonly<Record<string, string>>;
  readonly images?: Readonly<Record<string, Partial<SwarmImage>>>;
  readonly adoptedSecrets?: ReadonlyMap<string, string>;
}

/** A content whose version is its text in capitals. */
export function content(text: string): FileContent {
  return { bytes: new TextEncoder().encode(text), version: `v-${text}` };
}

export function digestOf(ref: string): string {
  return `sha256:${[...ref]
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, '0')
    .slice(0, 64)}`;
}

/** A revision of a project for a Swarm; every image is pinned to a digest made of its name. */
export function makeSwarmDesired(project: Project, sketch: SwarmSketch = {}): SwarmDesired {
  const contents = (texts: Readonly<Record<string, string>> = {}): ReadonlyMap<string, FileContent> =>
    new Map(Object.entries(texts).map(([key, text]) => [key, content(text)]));
  return {
    identity: { name: project.name, workingDir: project.workingDir, configFiles: project.composeFiles, envFiles: [] },
    revision: sketch.revision ?? 1,
    project,
    images: new Map(
      Object.entries(project.services).map(([name, { image: ref = `${project.name}-${name}` }]) => [
        name,
        { ref, pinned: `${ref}@${digestOf(ref)}`, config: {}, ...sketch.images?.[name] },
      ]),
    ),
    contents: { secrets: contents(sketch.secrets), configs: contents(sketch.configs), files: new Map() },
    facts: { managerApi: '1.51', ...sketch.facts },
    ...(sketch.adoptedSecrets === undefined ? {} : { adoptedSecrets: sketch.adoptedSecrets }),
  };
}

import type { ObservedNode } from '../../src/model/swarm/observed.ts';

export interface NodeSketch {
  readonly labels?: Readonly<Record<string, string>>;
  readonly availability?: 'active' | 'pause' | 'drain';
  readonly state?: 'ready' | 'down';
  readonly arch?: string;
  readonly cpus?: number;
  readonly memory?: number;
  readonly ssd?: number;
}

/** A worker named after its id, with 4 CPUs and 8 GiB. */
export function makeNode(name: string, sketch: NodeSketch = {}): ObservedNode {
  const {
    labels = {},
    availability = 'active',
    state = 'ready',
    arch = 'x86_64',
    cpus = 4,
    memory = 8 * 2 ** 30,
  } = sketch;
  return {
    ID: `id-${name}`,
    Spec: { Role: 'worker', Availability: availability, Labels: labels },
    Description: {
      Hostname: name,
      Platform: { Architecture: arch, OS: 'linux' },
      Resources: {
        NanoCPUs: cpus * 1e9,
        MemoryBytes: memory,
        GenericResources:
          sketch.ssd === undefined ? [] : [{ DiscreteResourceSpec: { Kind: 'ssd', Value: sketch.ssd } }],
      },
      Engine: { EngineVersion: '28.3.0', Labels: { rack: 'r1' } },
    },
    Status: { State: state, Addr: '10.0.0.5' },
  };
}

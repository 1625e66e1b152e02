import type { Service } from '@drover/compose';
import type { Platform, TaskPlacement } from '../../../model/swarm/service-spec.ts';

/** Where tasks may run. The platforms are the file's, else those that the image is made for. */
export function taskPlacement(
  service: Service,
  platforms: readonly Platform[],
  more: readonly string[] = [],
): TaskPlacement {
  const { constraints = [], preferences = [], max_replicas_per_node } = service.deploy?.placement ?? {};
  const own = service.platform === undefined || service.platform === '' ? undefined : parsePlatform(service.platform);
  const all = [...constraints, ...more];
  const runsOn = own === undefined ? platforms : [own];
  return {
    ...(all.length > 0 ? { Constraints: all } : {}),
    ...(preferences.length > 0
      ? { Preferences: preferences.map(({ spread = '' }) => ({ Spread: { SpreadDescriptor: spread } })) }
      : {}),
    ...(max_replicas_per_node === undefined ? {} : { MaxReplicas: max_replicas_per_node }),
    ...(runsOn.length > 0 ? { Platforms: runsOn.map(asSwarmKnows) } : {}),
  };
}

/** `linux/arm64/v8`. */
export function parsePlatform(text: string): Platform {
  const [OS = '', Architecture = ''] = text.includes('/') ? text.split('/') : ['', text];
  return { OS: OS.toLowerCase(), Architecture: Architecture.toLowerCase() };
}

/** Swarm cannot tell kinds of 32-bit ARM apart: docker leaves the architecture open then, and so does Drover. */
function asSwarmKnows({ OS, Architecture }: Platform): Platform {
  return { OS: OS ?? '', Architecture: Architecture === 'arm' ? '' : (Architecture ?? '') };
}

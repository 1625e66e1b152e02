import type { Path, Service } from '@drover/compose';
import type { Findings } from './problems.ts';
import { speaks } from './spec/api-version.ts';

/** Finds settings that the engine is too old for. What would only be missed is a notice, what would go wrong a problem. */
export function judgeVersion(name: string, service: Service, apiVersion: string, findings: Findings): void {
  const path = ['services', name];
  const lacks = (wanted: string): boolean => !speaks(apiVersion, wanted);
  const refuse = (what: string, engine: string, place: Path): void =>
    findings.problem('unsupported', `${name}: ${what} needs Docker Engine ${engine} or newer`, [...path, ...place]);
  const miss = (what: string, engine: string, place: Path): void =>
    findings.notice(`${name}: ${what} has no effect before Docker Engine ${engine}`, [...path, ...place]);

  if (service.annotations !== undefined && lacks('1.43')) miss('annotations', '24', ['annotations']);
  if (service.healthcheck?.start_interval !== undefined && lacks('1.44')) {
    refuse('start_interval', '25', ['healthcheck', 'start_interval']);
  }
  for (const [index, { type, bind, volume }] of (service.volumes ?? []).entries()) {
    const place = ['volumes', index];
    if (type === 'image' && lacks('1.48')) refuse('a volume of type image', '28', place);
    if (volume?.subpath !== undefined && lacks('1.45')) refuse('volume.subpath', '26', place);
    if (bind?.recursive === 'writable' || bind?.recursive === 'readonly') {
      if (lacks('1.44')) refuse(`bind.recursive: ${bind.recursive}`, '25', place);
    }
  }
  const networks = Object.entries(service.networks ?? {});
  if (networks.filter(([, settings]) => settings?.mac_address !== undefined).length > 1 && lacks('1.44')) {
    refuse('mac_address on several networks', '25', ['networks']);
  }
  for (const [key, settings] of networks) {
    if (settings?.gw_priority !== undefined && lacks('1.48'))
      miss('gw_priority', '28', ['networks', key, 'gw_priority']);
  }
}

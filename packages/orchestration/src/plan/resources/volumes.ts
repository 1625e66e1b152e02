import { type Project, volumeHash } from '@drover/compose';

import { composeLabel, composeVersion } from '../../model/labels.ts';
import type { VolumeBody } from '../../model/network-body.ts';
import type { Observed } from '../../model/observed.ts';
import { ownerOf } from '../../model/owner.ts';
import type { Findings } from '../problems.ts';
import { volumeName } from '../spec/mounts.ts';
import { volumeChanges } from './network-body.ts';

/** A volume that is to be created; the others stand as they should. */
export interface VolumeCreation {
  readonly key: string;
  readonly body: VolumeBody;
}

/** Decides about every volume that is used. One that stands is never changed or removed. */
export function decideVolumes(
  project: Project,
  used: ReadonlySet<string>,
  observed: Observed,
  findings: Findings,
): VolumeCreation[] {
  const byName = new Map(observed.volumes.map((volume) => [volume.Name, volume]));
  const creations: VolumeCreation[] = [];
  for (const key of [...used].sort()) {
    const volume = Object.hasOwn(project.volumes, key) ? project.volumes[key] : undefined;
    if (volume === undefined) {
      findings.problem('invalid', `the volume ${key} is used but not declared`, ['volumes', key]);
      continue;
    }
    const name = volumeName(project, key);
    const found = byName.get(name);
    if (volume.external === true) {
      if (found === undefined) {
        const message = `the volume ${name} is declared as external, and the engine has none of that name`;
        findings.problem('missing-volume', message, ['volumes', key]);
      }
      continue;
    }
    const body = {
      Name: name,
      Driver: volume.driver,
      DriverOpts: volume.driver_opts,
      Labels: Object.fromEntries([
        ...Object.entries(volume.labels ?? {}),
        [composeLabel.volume, key],
        [composeLabel.project, project.name],
        [composeLabel.version, composeVersion],
        [composeLabel.configHash, volumeHash(volume)],
      ]),
    } satisfies VolumeBody;
    if (found === undefined) {
      creations.push({ key, body });
      continue;
    }
    const owner = ownerOf(found.Labels);
    const uses = observed.containers.some(({ Mounts }) => Mounts.some((mount) => mount.Name === name));
    if (owner !== project.name && !(owner === undefined && uses)) {
      const whose = owner === undefined ? 'was not made for this project' : `belongs to the project ${owner}`;
      findings.problem(
        'foreign-volume',
        `the volume ${name} exists and ${whose}; set "external: true" to use it as it stands, or another "name"`,
        ['volumes', key],
      );
      continue;
    }
    if (owner === undefined) {
      findings.notice(`the volume ${name} was not made for this project; it is used as it stands`, ['volumes', key]);
    }
    if (found.Labels?.[composeLabel.configHash] === body.Labels[composeLabel.configHash]) continue;
    const changes = volumeChanges(body, found);
    if (changes.length > 0) {
      findings.problem(
        'volume-differs',
        `the volume ${name} exists with other settings (${changes.join(', ')}); Drover never makes a volume anew, since that loses its data: give it another "name", or remove it by name first`,
        ['volumes', key],
      );
    }
  }
  return creations;
}

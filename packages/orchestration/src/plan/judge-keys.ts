import type { Path, Project } from '@drover/compose';
import {
  buildKeys,
  deployKeys,
  fileKeys,
  type KeyTreatment,
  networkKeys,
  portKeys,
  serviceKeys,
  volumeKeys,
} from './key-treatment.ts';
import type { Findings } from './problems.ts';

type Treatments = { readonly [key: string]: KeyTreatment };

/** Finds every key of the project that this target does nothing with: a problem where it matters, else a notice. */
export function judgeKeys(project: Project, findings: Findings): void {
  for (const [name, service] of Object.entries(project.services)) {
    const path = ['services', name];
    judge(service, serviceKeys, path, findings);
    judge(service.build, buildKeys, [...path, 'build'], findings);
    judge(service.deploy, deployKeys, [...path, 'deploy'], findings);
    for (const [index, port] of (service.ports ?? []).entries())
      judge(port, portKeys, [...path, 'ports', index], findings);
  }
  judgeAll(project.networks, networkKeys, 'networks', findings);
  judgeAll(project.volumes, volumeKeys, 'volumes', findings);
  judgeAll(project.secrets, fileKeys, 'secrets', findings);
  judgeAll(project.configs, fileKeys, 'configs', findings);
}

function judgeAll(objects: object, treatments: Treatments, section: string, findings: Findings): void {
  for (const [name, object] of Object.entries(objects)) judge(object, treatments, [section, name], findings);
}

function judge(object: object | undefined, treatments: Treatments, path: Path, findings: Findings): void {
  for (const [key, value] of Object.entries(object ?? {})) {
    if (key.startsWith('x-') || isEmpty(value)) continue;
    const treatment = Object.hasOwn(treatments, key) ? treatments[key] : 'refused';
    const place = [...path, key];
    const where = place.filter((part) => typeof part === 'string').join('.');
    if (treatment === 'refused') findings.problem('unsupported', `${where} is not supported on one engine`, place);
    else if (treatment === 'ignored') findings.notice(`${where} has no effect on one engine`, place);
  }
}

/** Go's zero values come with every canonical document. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

import type { Service } from '@drover/compose';
import type { Desired, ServiceImage } from '../model/desired.ts';
import { hookImages } from '../model/hook-image.ts';
import { dependenciesOf } from './dependencies.ts';
import { hasHealthCheck } from './has-health-check.ts';
import type { Findings } from './problems.ts';
import { missingFiles, unownedFiles } from './spec/files.ts';
import { seccompProfilePath } from './spec/security.ts';
import { startFirst } from './start-first.ts';

export interface CheckRequest {
  readonly desired: Desired;
  readonly serviceName: string;
  readonly service: Service;
  readonly scale: number;
}

/** Finds what no engine could do. Answers the service's image; undefined when it has none. */
export function checkService(request: CheckRequest, findings: Findings): ServiceImage | undefined {
  const { desired, serviceName, service, scale } = request;
  const path = ['services', serviceName];
  if (scale > 1 && (service.container_name ?? '') !== '') {
    findings.problem(
      'invalid',
      `${serviceName} shall have ${scale} containers but has one name for them, ${service.container_name}; remove "container_name" or the scale`,
      [...path, 'container_name'],
    );
  }
  for (const message of missingFiles(desired.project, service, desired.contents)) {
    findings.problem('invalid', `${serviceName}: ${message}`, path);
  }
  for (const message of unownedFiles(service, desired.contents)) findings.notice(`${serviceName}: ${message}`, path);
  for (const [index, option] of (service.security_opt ?? []).entries()) {
    const profile = seccompProfilePath(option);
    if (profile !== undefined && !desired.contents.files.has(profile)) {
      findings.problem('invalid', `${serviceName}: the seccomp profile ${profile} cannot be read`, [
        ...path,
        'security_opt',
        index,
      ]);
    }
  }
  checkPreStart(request, findings);
  checkDependencies(request, findings);
  const image = desired.images.get(serviceName);
  if (image === undefined) {
    const named = service.image === undefined ? '' : ` ${service.image}`;
    findings.problem('missing-image', `${serviceName}: its image${named} is not in the engine`, [...path, 'image']);
    return undefined;
  }
  const { refusal } = startFirst(service, image);
  if (refusal !== undefined) {
    findings.notice(`${serviceName} cannot be replaced start-first, since ${refusal}; the old container stops first`, [
      ...path,
      'deploy',
      'update_config',
      'order',
    ]);
  }
  return image;
}

function checkPreStart({ desired, serviceName, service }: CheckRequest, findings: Findings): void {
  for (const [key, image] of hookImages(serviceName, service)) {
    if (desired.images.has(key)) continue;
    const path = ['services', serviceName, 'pre_start'];
    findings.problem('missing-image', `${serviceName}: the image ${image} of a hook is not in the engine`, path);
  }
}

function checkDependencies({ desired, serviceName, service }: CheckRequest, findings: Findings): void {
  const { services } = desired.project;
  for (const { on, condition, required } of dependenciesOf(service)) {
    const path = ['services', serviceName, 'depends_on', on];
    const dependency = Object.hasOwn(services, on) ? services[on] : undefined;
    if (dependency === undefined) {
      if (required)
        findings.problem('invalid', `${serviceName} depends on ${on}, which is not an active service`, path);
    } else if (condition === 'service_healthy' && !hasHealthCheck(dependency, desired.images.get(on))) {
      const message = `${serviceName} waits for the health of ${on}, which has no health check`;
      if (required) findings.problem('invalid', message, path);
      else findings.notice(message, path);
    }
  }
}

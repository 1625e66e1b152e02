import type { Project, Service, ServicePort } from '@drover/compose';
import type { ForeignContainer, Observed } from '../model/observed.ts';
import type { Findings } from './problems.ts';
import type { ServiceDecision, Slot } from './slot.ts';

/** Names and ports that containers to be started need and somebody else has. */
export function findConflicts(
  project: Project,
  services: readonly ServiceDecision[],
  observed: Observed,
  findings: Findings,
): void {
  const names = new Map(observed.foreign.map((container) => [container.name, container]));
  const ports = foreignPorts(observed);
  const own = new Map<string, Claim[]>();
  for (const { name, slots } of services) {
    const service = project.services[name] as Service;
    for (const slot of slots) {
      const holder =
        slot.target.kind === 'new' ? (names.get(slot.finalName) ?? names.get(slot.target.name)) : undefined;
      if (holder !== undefined) {
        findings.problem('name-taken', `the name ${holder.name} is taken by ${whose(holder)}`, [
          'services',
          name,
          'container_name',
        ]);
      }
      claimPorts(name, service, slot, { own, ports, findings });
    }
  }
}

/** Who publishes a port, and on which address. */
interface Claim {
  readonly service: string;
  readonly hostIp: string;
}

function claimPorts(
  serviceName: string,
  service: Service,
  slot: Slot,
  {
    own,
    ports,
    findings,
  }: { own: Map<string, Claim[]>; ports: ReadonlyMap<string, ForeignContainer[]>; findings: Findings },
): void {
  for (const [index, port] of (service.ports ?? []).entries()) {
    const published = fixedPort(port);
    if (published === undefined) continue;
    const path = ['services', serviceName, 'ports', index];
    const claim = `${published}/${port.protocol ?? 'tcp'}`;
    const claims = own.get(claim) ?? [];
    const other = claims.find(({ hostIp }) => overlaps(hostIp, port.host_ip ?? ''));
    if (other !== undefined) {
      const message =
        other.service === serviceName
          ? `${serviceName} publishes port ${claim} more than once, and only one container can have it`
          : `${serviceName} publishes port ${claim}, which ${other.service} publishes too`;
      findings.problem('port-taken', message, path);
      return;
    }
    own.set(claim, [...claims, { service: serviceName, hostIp: port.host_ip ?? '' }]);
    if (!startsAnew(slot)) continue;
    const holder = ports
      .get(claim)
      ?.find((other) =>
        other.ports.some(
          (held) => `${held.port}/${held.protocol}` === claim && overlaps(held.hostIp, port.host_ip ?? ''),
        ),
      );
    if (holder !== undefined) {
      findings.problem(
        'port-taken',
        `${serviceName} publishes port ${claim}, which is taken by ${whose(holder)}`,
        path,
      );
    }
  }
}

function startsAnew({ target }: Slot): boolean {
  return target.kind === 'new' || target.start.kind === 'start';
}

function fixedPort({ published }: ServicePort): string | undefined {
  return /^[1-9]\d*$/.test(published ?? '') ? published : undefined;
}

/** Two addresses meet when one of them is every address. */
function overlaps(a: string, b: string): boolean {
  const every = (ip: string): boolean => ip === '' || ip === '0.0.0.0' || ip === '::';
  return every(a) || every(b) || a === b;
}

function foreignPorts(observed: Observed): Map<string, ForeignContainer[]> {
  const byPort = new Map<string, ForeignContainer[]>();
  for (const container of observed.foreign) {
    if (!container.running) continue;
    for (const { port, protocol } of container.ports) {
      const claim = `${port}/${protocol}`;
      byPort.set(claim, [...(byPort.get(claim) ?? []), container]);
    }
  }
  return byPort;
}

function whose({ id, name, project }: ForeignContainer): string {
  const of = project === undefined ? 'which belongs to no project' : `of the project ${project}`;
  return `the container ${name} (${id.slice(0, 12)}) ${of}`;
}

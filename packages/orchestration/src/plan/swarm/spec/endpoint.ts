import type { ServicePort as ComposePort, Service } from '@drover/compose';
import type { EndpointSpec, ServicePort } from '../../../model/swarm/service-spec.ts';

/** How the service is reached. Without IPVS there are neither virtual addresses nor a routing mesh. */
export function endpointSpec(service: Service, ipvs: boolean): EndpointSpec {
  const mode = ipvs ? (service.deploy?.endpoint_mode ?? '') : 'dnsrr';
  const ports = servicePorts(service, ipvs);
  return {
    ...(mode === 'vip' || mode === 'dnsrr' ? { Mode: mode } : {}),
    ...(ports.length > 0 ? { Ports: ports } : {}),
  };
}

export function servicePorts(service: Service, ipvs: boolean): readonly ServicePort[] {
  const ports = new Map<string, ServicePort>();
  for (const port of service.ports ?? []) {
    const made: ServicePort = {
      Protocol: (port.protocol || 'tcp') as 'tcp',
      TargetPort: port.target ?? 0,
      ...(isFixed(port) ? { PublishedPort: Number(port.published) } : {}),
      PublishMode: port.mode === 'host' || !ipvs ? 'host' : 'ingress',
    };
    ports.set(portText(made), made);
  }
  return [...ports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, port]) => port);
}

/** `ingress 8080:80/tcp`. */
export function portText({ Protocol, TargetPort, PublishedPort, PublishMode }: ServicePort): string {
  return `${PublishMode || 'ingress'} ${PublishedPort || ''}:${TargetPort ?? 0}/${Protocol || 'tcp'}`;
}

/** Whether a port is published in the routing mesh, for want of anything else in the file. */
export function isInMesh({ mode }: ComposePort): boolean {
  return mode !== 'host';
}

function isFixed({ published }: ComposePort): boolean {
  return /^[1-9]\d*$/.test(published ?? '');
}

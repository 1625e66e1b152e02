import type { SwarmObserved } from '../../model/swarm/observed.ts';
import type { ServicePort, ServiceSpec } from '../../model/swarm/service-spec.ts';
import { dependenciesOf } from '../dependencies.ts';
import type { Findings } from '../problems.ts';
import type { SwarmServiceDecision } from './service-decision.ts';

/** Who must give up a port before whom, by the Swarm's names of the services. */
export type PortOrder = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Looks for services that want one port. A Swarm publishes a port for one service at a time, so that one that gives it up goes first;
 * where that cannot be, it is among the findings.
 */
export function decidePorts(
  decisions: readonly SwarmServiceDecision[],
  observed: SwarmObserved,
  findings: Findings,
): PortOrder {
  const order = new Map<string, Set<string>>();
  const before = precedence(decisions);
  const wanted = new Map(decisions.map((decision) => [decision.spec.Name ?? '', decision]));
  for (const { name, spec, kind } of decisions) {
    if (kind === 'keep') continue;
    const own = spec.Name ?? '';
    for (const port of fixedPorts(spec)) {
      const said = `${name} publishes ${port.PublishedPort}/${port.Protocol || 'tcp'}`;
      const path = ['services', name, 'ports'];
      const foreign = observed.foreign.find(({ ports }) => ports.some((other) => clash(port, other)));
      if (foreign !== undefined) findings.problem('port-taken', `${said}, which the service ${foreign.name} has`, path);
      for (const other of observed.services) {
        const holder = other.Spec.Name ?? '';
        if (holder === own || !fixedPorts(other.Spec).some((each) => clash(port, each))) continue;
        const decision = wanted.get(holder);
        const keeps = decision !== undefined && fixedPorts(decision.spec).some((each) => clash(port, each));
        if (keeps) continue;
        if (reaches(before, holder, own)) {
          findings.problem('port-taken', `${said}, which ${holder} gives up only after it; deploy in two steps`, path);
          continue;
        }
        add(before, own, holder);
        add(order, own, holder);
      }
      const rival = decisions.find(
        (each) => each.name < name && fixedPorts(each.spec).some((other) => clash(port, other)),
      );
      if (rival !== undefined) findings.problem('port-taken', `${said}, and so does ${rival.name}`, path);
    }
  }
  return order;
}

/** A port in the routing mesh is taken on every host; two of `mode: host` may be on different hosts. */
function clash(a: ServicePort, b: ServicePort): boolean {
  const same = a.PublishedPort === b.PublishedPort && (a.Protocol || 'tcp') === (b.Protocol || 'tcp');
  return same && (b.PublishedPort ?? 0) > 0 && !(a.PublishMode === 'host' && b.PublishMode === 'host');
}

function fixedPorts({ EndpointSpec }: ServiceSpec): readonly ServicePort[] {
  return (EndpointSpec?.Ports ?? []).filter(({ PublishedPort }) => (PublishedPort ?? 0) > 0);
}

/** For each service what comes before it, by the Swarm's names. */
function precedence(decisions: readonly SwarmServiceDecision[]): Map<string, Set<string>> {
  return new Map(
    decisions.map(({ spec, service, name }) => {
      const prefix = (spec.Name ?? '').slice(0, -name.length);
      return [spec.Name ?? '', new Set(dependenciesOf(service).map(({ on }) => `${prefix}${on}`))];
    }),
  );
}

/** Whether `from` comes after `to`, over any number of steps. */
function reaches(before: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(before.get(name) ?? []));
  }
  return false;
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key) ?? new Set<string>();
  map.set(key, values.add(value));
}

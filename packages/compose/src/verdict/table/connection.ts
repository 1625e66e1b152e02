import type { Service } from '../../model/service.ts';
import type { ServiceNetwork } from '../../model/service-network.ts';
import type { ServicePort } from '../../model/service-port.ts';
import { before, pinned, withoutIpvs } from '../conditions.ts';
import { both, depends, type Rules, when } from '../rule.ts';
import { emulated, honoured, honouredAs, ignored, pins, refused } from '../verdict.ts';

const byName = 'reach the service by its name, or by one of its `aliases`';
const wayOut = ignored('a Swarm task always leaves its host through docker_gwbridge, whatever its networks');

const serviceNetworkRules: Rules<ServiceNetwork> = {
  aliases: both(honoured),
  driver_opts: both(honoured),
  ipv4_address: {
    engine: honoured,
    swarm: depends([pinned(honoured)], refused('Swarm chooses the addresses of its tasks', byName)),
  },
  ipv6_address: {
    engine: honoured,
    swarm: depends([pinned(honoured)], refused('Swarm chooses the addresses of its tasks', byName)),
  },
  link_local_ips: {
    engine: honoured,
    swarm: depends([pinned(honoured)], refused('Swarm chooses the addresses of its tasks', byName)),
  },
  mac_address: {
    engine: depends(
      [
        when<string>(
          'on several networks, before Docker Engine 25',
          (value, near, situation) =>
            before('1.44', honoured).holds(value, near, situation) &&
            Object.values(situation.service?.networks ?? {}).filter((each) => each?.mac_address !== undefined).length >
              1,
          refused('an address on each of several networks needs Docker Engine 25 or newer', 'keep one of them'),
        ),
      ],
      honoured,
    ),
    swarm: depends([pinned(honoured)], refused('Swarm chooses the addresses of its tasks', byName)),
  },
  priority: { engine: honoured, swarm: depends([pinned(honoured)], wayOut) },
  gw_priority: {
    engine: depends(
      [before('1.48', ignored('the engine knows it from version 28 on; the gateway is then that of `priority`'))],
      honoured,
    ),
    swarm: depends([pinned(honoured)], wayOut),
  },
  interface_name: {
    engine: depends(
      [
        before(
          '1.49',
          refused('it needs Docker Engine 28.1 or newer', 'leave it out, and look the interface up by its address'),
        ),
      ],
      honoured,
    ),
    swarm: depends(
      [pinned(honoured)],
      refused('Swarm names the interfaces of its tasks', 'leave it out, and look the interface up by its address'),
    ),
  },
};

const portRules: Rules<ServicePort> = {
  target: both(honoured),
  published: {
    engine: honoured,
    swarm: depends(
      [
        pinned(honoured),
        when<string>(
          'with a range',
          (value) => value.includes('-'),
          refused('Swarm publishes single ports, and chooses none from a range', 'name one port, or none for any'),
        ),
      ],
      honoured,
    ),
  },
  protocol: both(honoured),
  mode: {
    engine: honouredAs('both modes publish on the host'),
    swarm: depends(
      [
        when<string>('with `host`', (value) => value === 'host', honoured),
        pinned(emulated('published on the host of the container only')),
        withoutIpvs(
          emulated(
            'the routing mesh needs IPVS in the kernel of every host: the port is published on the hosts that run a task (`mode: host`)',
          ),
        ),
      ],
      honoured,
    ),
  },
  host_ip: {
    engine: honoured,
    swarm: depends(
      [pinned(honoured)],
      refused(
        'Swarm publishes on every address of a host',
        'leave the address out, and close the port with a firewall',
      ),
    ),
  },
  name: both(ignored('it is a word for readers; nothing in Docker takes it')),
  app_protocol: both(ignored('it is a word for readers; nothing in Docker takes it')),
};

/** Networks, names and ports. */
export const connectionRules = {
  networks: { ...both(honoured), each: serviceNetworkRules },
  network_mode: {
    engine: honoured,
    swarm: depends(
      [
        when<string>('with `host` or `bridge`', (value) => value === 'host' || value === 'bridge', honoured),
        when<string>(
          'with `none`',
          (value) => value === 'none',
          emulated('the tasks are alone on an internal network without a way out'),
        ),
      ],
      pins('Swarm tasks cannot share the network of another container'),
    ),
  },
  ports: { each: portRules },
  expose: both(honouredAs('ports between services are open anyway')),
  dns: both(honoured),
  dns_opt: both(honoured),
  dns_search: both(honoured),
  extra_hosts: both(honoured),
  links: {
    engine: honoured,
    swarm: depends(
      [pinned(honoured)],
      emulated('each link is an alias of the other service on the networks that both have'),
    ),
  },
  external_links: {
    engine: honoured,
    swarm: refused(
      'a container outside of the stack may be on any host',
      'put both on one network with `external: true`, and use the name of the container',
    ),
  },
  mac_address: {
    engine: honoured,
    swarm: depends([pinned(honoured)], refused('Swarm chooses the addresses of its tasks', byName)),
  },
} as const satisfies Partial<Rules<Service>>;

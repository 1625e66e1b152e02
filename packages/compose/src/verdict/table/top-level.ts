import type { FileObject } from '../../model/file-object.ts';
import type { Model } from '../../model/model-runner.ts';
import type { Ipam, IpamPool, Network } from '../../model/network.ts';
import type { Volume } from '../../model/volume.ts';
import { both, depends, type Rules, type TargetRules, when } from '../rule.ts';
import { honoured, honouredAs, ignored, refused, refusedForGood } from '../verdict.ts';

/** The address management of a network, with the key that the loader takes and the model does not keep. */
interface WrittenIpam extends Ipam {
  readonly options?: Readonly<Record<string, string>>;
}

const poolRules: Rules<IpamPool> = {
  subnet: both(honoured),
  ip_range: both(honoured),
  gateway: both(honoured),
  aux_addresses: {
    engine: honoured,
    swarm: refused('Swarm keeps no addresses back in a network', 'write an `ip_range` that leaves them out'),
  },
};

const ipamRules: Rules<WrittenIpam> = {
  driver: both(honoured),
  config: { each: poolRules },
  options: {
    ...both(ignored('docker compose does not pass it on; the default address management has no options')),
    resolved: true,
  },
};

export const networkRules: Rules<Network> = {
  name: both(honoured),
  driver: {
    engine: depends(
      [
        when<string>(
          'with `overlay`, outside of a Swarm',
          (value, _, { facts }) => value === 'overlay' && facts.swarm === false,
          refused(
            'an overlay network needs a Swarm',
            'leave the driver out: on one host a bridge reaches every container',
          ),
        ),
      ],
      honoured,
    ),
    swarm: depends(
      [
        when<string, Network>('of a network that is `external`', (_, near) => near.external === true, honoured),
        when<string>(
          'with `bridge`',
          (value) => value === 'bridge',
          refused(
            'a bridge ends at its host, and Swarm places tasks on several',
            'leave the driver out, or write `overlay`',
          ),
        ),
        when<string>(
          'with `macvlan` or `ipvlan`',
          (value) => value === 'macvlan' || value === 'ipvlan',
          refused(
            'such a network needs settings of its own on each host',
            'make it with `docker network create --config-only` and `--config-from`, and refer to it with `external: true`',
          ),
        ),
      ],
      honoured,
    ),
  },
  driver_opts: both(honoured),
  ipam: { fields: ipamRules },
  external: { engine: honoured, swarm: honouredAs('it must be a network of the Swarm') },
  internal: both(honoured),
  attachable: { engine: honoured, swarm: honouredAs('every network of a stack is made so, for pinned containers') },
  labels: both(honoured),
  enable_ipv4: {
    engine: honoured,
    swarm: depends(
      [
        when<boolean>(
          'with `false`',
          (value) => !value,
          refused('networks of a Swarm always have IPv4', 'leave it out'),
        ),
      ],
      honoured,
    ),
  },
  enable_ipv6: both(honoured),
};

export const volumeRules: Rules<Volume> = {
  name: both(honoured),
  driver: { engine: honoured, swarm: honouredAs('the driver must be there on every host that may run a task') },
  driver_opts: both(honoured),
  external: { engine: honoured, swarm: honouredAs('it must be there on the host that runs the task') },
  labels: both(honoured),
};

/** What a Swarm keeps itself and one engine has no store for. */
function inSwarmOnly(instead: string): TargetRules<unknown, unknown> {
  return { engine: refusedForGood('one engine has no store for secrets and configs', instead), swarm: honoured };
}

export const fileRules: Rules<FileObject> = {
  name: both(honoured),
  file: both(honoured),
  environment: both(honoured),
  content: both(honoured),
  external: inSwarmOnly('give it a `file` or an `environment` variable'),
  labels: {
    engine: ignored('no object is made that could carry them; the content is put into the containers'),
    swarm: honoured,
  },
  driver: inSwarmOnly('fetch the value before the deploy, and give it as an `environment` variable'),
  driver_opts: inSwarmOnly('fetch the value before the deploy, and give it as an `environment` variable'),
  template_driver: {
    engine: refused('one engine fills in no templates', 'write the `content` with variables, which Compose fills in'),
    swarm: honoured,
  },
};

const onlyByServices = both(ignored('only the `models` of services use it, and those have a verdict of their own'));

export const modelRules: Rules<Model> = {
  name: onlyByServices,
  model: onlyByServices,
  context_size: onlyByServices,
  runtime_flags: onlyByServices,
};

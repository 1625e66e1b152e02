import type { Service } from '../../model/service.ts';
import { before, onWindows, pinned } from '../conditions.ts';
import { both, depends, type Rules, when } from '../rule.ts';
import { honoured, pins, refused, refusedForGood } from '../verdict.ts';

const socket = refused(
  'the socket of the engine would be open to the service, and with it the whole host',
  'if that is what you want, bind /var/run/docker.sock in `volumes` by name',
);
const modelRunner = refused(
  'it needs the model runner of Docker Desktop',
  'run the model as a service of its own, and give its address in `environment`',
);
const provider = refusedForGood(
  'docker compose would run a program of the host by its name in the file, which Drover never does',
  'leave the service out, and give what it provides in `environment`',
);

/** What every task has anyway. */
const ownOnly = when<string>('with `private`', (value) => value === 'private', honoured);

/** What a container is allowed to do, and how far it is kept apart. */
export const securityRules = {
  cap_add: both(honoured),
  cap_drop: both(honoured),
  privileged: {
    engine: depends([onWindows(refused('Windows has no privileged containers', 'leave it out'))], honoured),
    swarm: pins('a Swarm task cannot be privileged'),
  },
  security_opt: {
    engine: honoured,
    swarm: depends(
      [
        when<readonly string[]>(
          'with a profile, or an option that Swarm does not know',
          (value) => value.some((option) => !swarmTakes(option)),
          pins('Swarm takes only unconfined profiles, no-new-privileges and labels'),
        ),
        pinned(honoured),
        before('1.44', refused('Swarm takes security options from Docker Engine 25 on', 'leave it out')),
      ],
      honoured,
    ),
  },
  sysctls: both(honoured),
  userns_mode: { engine: honoured, swarm: pins('Swarm knows no other user namespace for a task') },
  ipc: { engine: honoured, swarm: depends([ownOnly], pins('Swarm tasks share no memory with others')) },
  pid: { engine: honoured, swarm: pins('Swarm tasks share no processes with others') },
  uts: { engine: honoured, swarm: pins('a Swarm task has a host name of its own') },
  cgroup: { engine: honoured, swarm: depends([ownOnly], pins('Swarm chooses the cgroup namespace of a task')) },
  use_api_socket: both(socket),
  provider: both(provider),
  models: both(modelRunner),
} as const satisfies Partial<Rules<Service>>;

/** Seccomp and AppArmor as they are or off, new privileges, and SELinux labels. */
function swarmTakes(option: string): boolean {
  return /^(no-new-privileges|label[=:]|(seccomp|apparmor)[=:](unconfined|runtime\/default|docker-default)$)/.test(
    option,
  );
}

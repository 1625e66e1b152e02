import type { CreatedTokenView } from '@drover/contract';
import { localEnvironment } from '../environment/environment-store.ts';
import { Refusal } from '../refusal.ts';
import type { Entrance, OpenEntrance } from './entrance.ts';
import type { HostEnvironments } from './host-environments.ts';
import type { Hosts } from './hosts.ts';

/** How many machines one pasted line lets into a Swarm when nobody says so: a rack's worth, and not whoever finds the line. */
const usesOfSwarm = 10;

export interface AdmissionRequest {
  readonly environment: string;
  readonly expiresSeconds: number;
  readonly uses: number | undefined;
  /** A host by id or name. */
  readonly replaces: string | undefined;
}

/** Makes the line that is pasted on a machine to make it a host. */
export class HostAdmission {
  readonly #hosts: Hosts;
  readonly #environments: HostEnvironments;
  readonly #entrance: Entrance;

  constructor(hosts: Hosts, environments: HostEnvironments, entrance: Entrance) {
    this.#hosts = hosts;
    this.#environments = environments;
    this.#entrance = entrance;
  }

  async create({ environment, expiresSeconds, uses, replaces }: AdmissionRequest): Promise<CreatedTokenView> {
    const replaced = replaces === undefined ? undefined : this.#hosts.allow(replaces, 'replace', 'replacing a host');
    const place = replaced?.environment ?? environment;
    const kind = this.#environments.kindOf(place);
    if (kind === undefined)
      throw new Refusal(
        'invalid',
        place === localEnvironment
          ? "adding a host: the environment local is this server's own engine; name another one, such as drover host add -E NAME (drover environment create NAME makes it)"
          : `adding a host: there is no environment ${place}; drover environment create ${place} makes it`,
      );
    const most = kind === 'engine' || replaced !== undefined ? 1 : undefined;
    const present = this.#hosts.hostsOf(place)[0];
    if (kind === 'engine' && replaced === undefined && present !== undefined)
      throw new Refusal(
        'taken',
        `adding a host: the environment ${place} is one engine and has its host, ${present.name}; to put another machine in its place: drover host add --replace ${present.name}`,
      );
    if (most !== undefined && uses !== undefined && uses > most)
      throw new Refusal('invalid', `adding a host: one machine only can join here, not ${uses}`);
    const entrance = await this.#entrance.open();
    const { view, token } = await this.#hosts.tokens.create({
      environment: place,
      expiresSeconds,
      uses: uses ?? most ?? usesOfSwarm,
      replaces: replaced?.id,
    });
    return {
      ...view,
      token,
      command: pastedLine(entrance, `DROVER_JOIN=${token}`),
      containerCommand: pastedLine(entrance, `DROVER_AGENT=container DROVER_JOIN=${token}`),
      ...(entrance.warning === undefined ? {} : { warning: entrance.warning }),
    };
  }
}

/** Everything in it is of letters, digits and `+/=.:-`, so that it needs no other quotes. */
function pastedLine({ url, pin }: OpenEntrance, variables: string): string {
  return `curl -fsSk --pinnedpubkey 'sha256//${pin}' ${url}/install | ${variables} sh`;
}

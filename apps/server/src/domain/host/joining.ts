import { randomBytes } from 'node:crypto';
import type { JoinAnswer, JoinRequest } from '@drover/tunnel';
import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import { signHostCertificate } from './certificate-renewal.ts';
import type { HostAuthority } from './host-authority.ts';
import type { HostEnvironments } from './host-environments.ts';
import type { HostRecord, JoinTokenRecord } from './host-store.ts';
import type { HostTable } from './host-table.ts';
import { type JoinTokens, usedUp } from './join-tokens.ts';

export interface JoiningOptions {
  readonly table: HostTable;
  readonly tokens: JoinTokens;
  readonly environments: HostEnvironments;
  readonly authority: () => Promise<HostAuthority>;
  readonly log: Log;
  readonly now: () => Date;
  /** Told of each host that joined; `replaced` where a machine took the place of another. */
  readonly onJoined: (host: HostRecord, how: 'new' | 'repaired' | 'replaced') => void;
}

interface Candidate {
  readonly request: JoinRequest;
  /** Of the key that signed its certificate request. */
  readonly keyFingerprint: string;
  readonly address: string;
}

/**
 * Makes machines hosts. Who has the key of a kept host repairs that host, whatever the token; everybody else needs a token.
 *
 * INVARIANTS: joins with one key run one after the other; name and engine of a host are taken in the moment in which they are found free;
 * a host and the use of its token are stored together, before its certificate leaves.
 */
export class Joining {
  readonly #options: JoiningOptions;
  /** The end of the last join with each key that is under way. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  /** Throws a `Refusal` that says why not, and what to do. */
  async join(request: JoinRequest, address: string): Promise<JoinAnswer> {
    const authority = await this.#options.authority();
    const keyFingerprint = await authority.readRequest(request.csr);
    const before = this.#underWay.get(keyFingerprint) ?? Promise.resolve();
    const joined = before.then(() => this.#join({ request, keyFingerprint, address }, authority));
    const ended = joined.catch(() => {});
    this.#underWay.set(keyFingerprint, ended);
    try {
      return await joined;
    } finally {
      if (this.#underWay.get(keyFingerprint) === ended) this.#underWay.delete(keyFingerprint);
    }
  }

  async #join({ request, keyFingerprint, address }: Candidate, authority: HostAuthority): Promise<JoinAnswer> {
    const { table, now } = this.#options;
    const known = table.keptBy('keyFingerprint', keyFingerprint);
    if (known !== undefined) return await this.#repair(known, request, authority);
    const token = await this.#options.tokens.check(request.token);
    const host =
      token.replaces === undefined ? this.#newHost(request, token) : this.#replacement(token, token.replaces);
    this.#refuseKnownEngine(request, host);
    const wanted: HostRecord = {
      ...host,
      keyFingerprint,
      engineId: request.engineId,
      facts: request.facts ?? host.facts,
      software: request.software,
      joinedAt: now().toISOString(),
      connectedAt: undefined,
      lostAt: undefined,
      certificateExpiresAt: '',
    };
    const giveBack = table.take(wanted);
    try {
      const { certificate, expiresAt } = await signHostCertificate(authority, request.csr, host.id);
      await this.#store({ ...wanted, certificateExpiresAt: expiresAt }, token, address);
      return { hostId: host.id, certificate, authority: authority.certificate };
    } finally {
      giveBack();
    }
  }

  async #store(record: HostRecord, token: JoinTokenRecord, address: string): Promise<void> {
    const { table, log, now, onJoined } = this.#options;
    if (!(await table.join(record, { id: token.id, now: now().toISOString() }))) throw usedUp(token);
    const { id, name, environment } = record;
    log.info({ host: id, name, environment, address, token: token.id }, 'a host joined');
    onJoined(record, token.replaces === undefined ? 'new' : 'replaced');
  }

  async #repair(known: HostRecord, request: JoinRequest, authority: HostAuthority): Promise<JoinAnswer> {
    const token = await this.#options.tokens.check(request.token).catch(() => undefined);
    if (token !== undefined && token.environment !== known.environment)
      throw new Refusal(
        'taken',
        `joining: this machine is the host ${known.name} of the environment ${known.environment} already; to move it to ${token.environment}, remove it first: drover host rm ${known.name}`,
      );
    const { certificate, expiresAt } = await signHostCertificate(authority, request.csr, known.id);
    const repaired = await this.#options.table.change(known.id, { certificateExpiresAt: expiresAt });
    this.#options.log.info({ host: known.id, name: known.name }, 'a host was repaired');
    this.#options.onJoined(repaired, 'repaired');
    return { hostId: known.id, certificate, authority: authority.certificate };
  }

  #newHost(request: JoinRequest, { environment }: JoinTokenRecord): Omit<HostRecord, 'keyFingerprint'> {
    const { table, environments, now } = this.#options;
    const kind = environments.kindOf(environment);
    if (kind === undefined)
      throw new Refusal('not-found', `joining: the environment ${environment}, which the token is for, is not there`);
    const only = kind === 'engine' ? table.anyOf(environment) : undefined;
    if (only !== undefined)
      throw new Refusal(
        'taken',
        `joining: the environment ${environment} is one engine and has its host, ${only.name}; to put this machine in its place: drover host add --replace ${only.name}`,
      );
    return {
      id: randomBytes(8).toString('hex'),
      name: table.freeName(request.hostname),
      environment,
      phase: 'kept',
      engineId: undefined,
      labels: {},
      facts: undefined,
      software: undefined,
      joinedAt: now().toISOString(),
      connectedAt: undefined,
      lostAt: undefined,
      certificateExpiresAt: '',
    };
  }

  #replacement(token: JoinTokenRecord, id: string): HostRecord {
    const host = this.#options.table.byId(id);
    if (host !== undefined && host.phase !== 'removed' && host.environment === token.environment) return host;
    throw new Refusal('not-found', 'joining: the host whose place this machine was to take is not there any more');
  }

  #refuseKnownEngine({ engineId }: JoinRequest, host: { readonly id: string }): void {
    const other = this.#options.table.takenBy('engineId', engineId);
    if (other === undefined || other.id === host.id) return;
    throw new Refusal(
      'taken',
      `joining: this machine's Docker Engine is that of the host ${other.name}, and this machine does not have that host's key. If it is that machine, set up anew: drover host add --replace ${other.name}. If it is a copy of it: stop Docker, remove /var/lib/docker/engine-id and /etc/docker/key.json, start Docker and join again`,
    );
  }
}

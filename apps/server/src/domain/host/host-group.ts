import { mapBounded } from '@drover/base';
import { isAway, isEngineError } from '@drover/engine';
import { Refusal } from '../refusal.ts';
import { nameOf } from './container-view.ts';
import type { Host } from './host.ts';

/** The hosts of one environment; they may come and go. */
export interface HostGroup {
  hosts(): readonly Host[];
}

/** How many hosts are asked at once. */
const atOnce = 32;

/**
 * What the hosts answer, of those that can be reached. Where none can, the failure of one is thrown, and where there is one host
 * alone, what it throws is thrown too.
 */
export async function askHosts<Answer>(
  { hosts }: HostGroup,
  ask: (host: Host) => Promise<Answer>,
): Promise<readonly { readonly host: Host; readonly answer: Answer }[]> {
  const all = hosts();
  const [only] = all;
  if (only === undefined) throw new Refusal('not-now', 'asking the hosts: the environment has none yet');
  if (all.length === 1) return [{ host: only, answer: await ask(only) }];
  const reachable = all.filter(({ state }) => state.state === 'connected');
  const failures: unknown[] = [];
  const answers = await mapBounded(reachable.length > 0 ? reachable : all, atOnce, async (host) => {
    try {
      return [{ host, answer: await ask(host) }];
    } catch (error) {
      if (!isAway(error)) throw error;
      failures.push(error);
      return [];
    }
  });
  const answered = answers.flat();
  if (answered.length === 0) throw failures[0];
  return answered;
}

/**
 * The host that has something by a name that several hosts may use; `host` says which one is meant. Throws what the last one said
 * where none has it.
 */
export async function findHost(
  group: HostGroup,
  what: string,
  host: string | undefined,
  look: (host: Host) => Promise<unknown>,
): Promise<Host> {
  const asked = host === undefined ? group : { hosts: () => [hostNamed(group, host)] };
  let missing: unknown;
  const answers = await askHosts(asked, async (each) => {
    try {
      await look(each);
      return true;
    } catch (error) {
      if (!isEngineError(error, 'not-found')) throw error;
      missing = error;
      return false;
    }
  });
  const found = answers.filter(({ answer }) => answer);
  if (found.length > 1) {
    const names = found.map(({ host }) => host.name ?? host.endpoint).join(', ');
    throw new Refusal('invalid', `looking for ${what}: several hosts have one (${names}); say on which host`);
  }
  if (found[0] === undefined) throw missing;
  return found[0].host;
}

export function hostNamed({ hosts }: HostGroup, name: string): Host {
  const found = hosts().find((host) => host.name === name);
  if (found === undefined)
    throw new Refusal('not-found', `looking for the host ${name}: the environment has none of that name`);
  return found;
}

/** The host that has a container, by its full id, a unique prefix of it or its name, and the full id. */
export async function findContainer(
  group: HostGroup,
  container: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly host: Host; readonly id: string }> {
  const hosts = group.hosts();
  // What events have told already is at hand; a name or a prefix of an id that is not is the engines' to resolve.
  const known = hosts.flatMap((host) =>
    [...host.knownContainers()]
      .filter((summary) => summary.Id === container || nameOf(summary) === container)
      .map(({ Id }) => ({ host, id: Id as string })),
  );
  return only(container, known) ?? (await resolve(group, container, signal));
}

async function resolve(group: HostGroup, container: string, signal: AbortSignal | undefined) {
  const missing: unknown[] = [];
  const answers = await askHosts(group, async ({ engine }) => {
    try {
      return (await engine.containers.inspect(container, { signal })).Id as string;
    } catch (error) {
      if (!isEngineError(error, 'not-found')) throw error;
      missing.push(error);
      return undefined;
    }
  });
  const found = only(
    container,
    answers.flatMap(({ host, answer }) => (answer === undefined ? [] : [{ host, id: answer }])),
  );
  if (found === undefined) throw missing[0];
  return found;
}

function only<Found extends { readonly host: Host }>(container: string, found: readonly Found[]): Found | undefined {
  if (found.length > 1) {
    const names = found.map(({ host }) => host.name ?? host.endpoint).join(', ');
    throw new Refusal(
      'invalid',
      `looking for the container ${container}: several hosts have one (${names}); use its id`,
    );
  }
  return found[0];
}

import { notFound, Refusal } from '../failure.ts';

/** Finds an object by id, then by name, then by the start of its id, as the real engine does. */
export function find<T extends { readonly id: string }>(
  kind: string,
  things: ReadonlyMap<string, T>,
  reference: string,
  nameOf: (thing: T) => string,
): T {
  const byId = things.get(reference);
  if (byId !== undefined) return byId;
  const all = [...things.values()];
  const named = all.filter((thing) => nameOf(thing) === reference);
  const matches = named.length > 0 ? named : all.filter((thing) => thing.id.startsWith(reference));
  const [only] = matches;
  if (only === undefined) throw notFound(`${kind} ${reference} not found`);
  if (matches.length > 1)
    throw new Refusal('server', `${kind} ${reference} is ambiguous (${matches.length} matches found)`);
  return only;
}

/** Refuses an update of a state that is not the newest. */
export function refuseStale(object: { readonly version: number }, version: number): void {
  if (object.version !== version) throw new Refusal('version-conflict', 'update out of sequence');
}

/** Refuses a name that no secret, config or network of a Swarm can have. */
export function refuseBadName(name: string): void {
  if (name === '') throw new Refusal('bad-request', 'name must be provided');
  if (name.length > 64 || !/^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/.test(name)) {
    throw new Refusal(
      'bad-request',
      'invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]',
    );
  }
}

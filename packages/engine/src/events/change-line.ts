import type { Engine } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import type { ContainerSummary } from '../model/container.ts';
import type { EngineEvent } from '../model/event.ts';
import type { EngineInfo } from '../model/system.ts';
import { type ContainerChange, watchContainers } from './container-changes.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What changes among the containers of an engine, in lines for whoever keeps them elsewhere. Ends as `watchContainers` does. */
export async function* changeLines(
  engine: Engine,
  options: { readonly signal: AbortSignal },
): AsyncGenerator<string, void, undefined> {
  for await (const change of watchContainers(engine, options)) yield writeChange(change);
}

/** A change as one line of JSON, with its end. */
export function writeChange(change: ContainerChange): string {
  const sent = change.type === 'lost' ? { type: 'lost', reason: reasonOf(change.error) } : change;
  return `${JSON.stringify(sent)}\n`;
}

/**
 * The change in a line that somebody sent. Throws a `TypeError` that names what is wrong where it is none; of containers and events all
 * is checked that readers of them take for granted.
 */
export function readChange(line: string): ContainerChange {
  const fields = fieldsOf(JSON.parse(line), 'it');
  const { type } = fields;
  switch (type) {
    case 'connected':
      return {
        type,
        info: infoOf(fields.info),
        apiVersion: text(fields.apiVersion, 'apiVersion'),
        containers: list(fields.containers, 'containers').map(summaryOf),
      };
    case 'event':
      return { type, event: eventOf(fields.event) };
    case 'listed': {
      const containers = list(fields.containers, 'containers').map(summaryOf);
      const covers = number(fields.covers, 'covers');
      if (fields.ids === undefined) return { type, covers, containers };
      const ids = list(fields.ids, 'ids').map((id) => text(id, 'an id'));
      if (containers.some(({ Id }) => !ids.includes(Id)))
        throw new TypeError('it lists a container that no event named');
      return { type, covers, ids, containers };
    }
    case 'lost':
      return {
        type,
        error: new EngineError({
          code: 'connection-lost',
          doing: 'listening to the events of the engine',
          reason: text(fields.reason, 'reason'),
        }),
      };
    default:
      throw new TypeError(`it is of no known type: ${String(type).slice(0, 40)}`);
  }
}

function reasonOf(error: Error): string {
  return error instanceof EngineError ? error.reason : error.message;
}

function summaryOf(value: unknown): ContainerSummary {
  const fields = fieldsOf(value, 'a container');
  for (const name of ['Id', 'Image', 'ImageID', 'State', 'Status']) text(fields[name], name);
  for (const name of list(fields.Names, 'Names')) text(name, 'a name');
  number(fields.Created, 'Created');
  texts(fields.Labels, 'Labels');
  fieldsOf(fields.HostConfig, 'HostConfig');
  for (const mount of list(fields.Mounts, 'Mounts')) text(fieldsOf(mount, 'a mount').Destination, 'Destination');
  if (fields.NetworkSettings !== null)
    fieldsOf(fieldsOf(fields.NetworkSettings, 'NetworkSettings').Networks, 'Networks');
  for (const port of list(fields.Ports, 'Ports')) {
    const { PrivatePort, Type, IP } = fieldsOf(port, 'a port');
    number(PrivatePort, 'PrivatePort');
    text(Type, 'Type');
    if (IP !== undefined) text(IP, 'IP');
  }
  if (fields.Health !== undefined && fields.Health !== null) text(fieldsOf(fields.Health, 'Health').Status, 'Health');
  return value as ContainerSummary;
}

function eventOf(value: unknown): EngineEvent {
  const fields = fieldsOf(value, 'the event');
  for (const name of ['Type', 'Action', 'scope', 'timeNano']) text(fields[name], name);
  const seconds = number(fields.time, 'time');
  // What no date can be made of would fail where it is shown.
  if (Number.isNaN(new Date(seconds * 1000).getTime())) throw new TypeError('time is no time');
  const actor = fieldsOf(fields.Actor, 'Actor');
  text(actor.ID, 'ID');
  texts(actor.Attributes, 'Attributes');
  return value as EngineEvent;
}

function infoOf(value: unknown): EngineInfo {
  const fields = fieldsOf(value, 'info');
  for (const name of ['ID', 'Name', 'ServerVersion', 'OperatingSystem', 'OSType', 'Architecture'])
    text(fields[name], name);
  for (const name of ['NCPU', 'MemTotal']) number(fields[name], name);
  fieldsOf(fields.Swarm, 'Swarm');
  return value as EngineInfo;
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`${what} is no object`);
  return value as Fields;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} is no list`);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new TypeError(`${what} is no text`);
  return value;
}

function texts(value: unknown, what: string): void {
  for (const each of Object.values(fieldsOf(value, what))) text(each, what);
}

function number(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError(`${what} is no number`);
  return value;
}

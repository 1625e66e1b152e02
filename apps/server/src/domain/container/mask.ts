import type { ContainerInspect } from '@drover/engine';

/** What the engine says of a container, with the values of its environment replaced: they are often secrets. */
export function maskInspect(inspect: ContainerInspect): Record<string, unknown> {
  const { Config } = inspect;
  const Env = Config.Env?.map((entry) => {
    const equals = entry.indexOf('=');
    return equals < 0 ? entry : `${entry.slice(0, equals)}=***`;
  });
  return { ...inspect, Config: { ...Config, ...(Env === undefined ? {} : { Env }) } };
}

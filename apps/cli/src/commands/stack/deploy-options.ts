import { unknownField } from '@drover/compose/verdict/field';
import type { DeployOptions } from '@drover/contract';
import { UsageError } from '../../command/errors.ts';
import type { FlagValues } from '../../command/flag.ts';
import { quote } from '../../command/quote.ts';
import type { deployFlags } from './deploy-flags.ts';

type DeployInput = Partial<Omit<DeployOptions, 'services' | 'scale' | 'accept' | 'move'>> & {
  accept?: string[];
  move?: string[];
  services?: string[];
  scale?: Record<string, number>;
};

/** The flags of a deploy as the API wants them. Throws `UsageError` for `--scale` that is no SERVICE=COUNT. */
export function deployOptions(
  flags: FlagValues<typeof deployFlags>,
  services: readonly string[],
  command: string,
): DeployInput {
  const scale = parseScale(flags.scale, command);
  for (const name of flags.accept) {
    const problem = unknownField(name);
    if (problem !== undefined) throw new UsageError(`${command}: --accept: ${problem}.`.replace('?.', '?'), command);
  }
  return {
    build: flags.build,
    forceRecreate: flags.forceRecreate,
    removeOrphans: flags.removeOrphans,
    ...(flags.pull === undefined ? {} : { pull: flags.pull }),
    ...(flags.monitor === undefined ? {} : { monitor: flags.monitor }),
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
    ...(services.length === 0 ? {} : { services: [...services] }),
    ...(scale === undefined ? {} : { scale }),
    ...(flags.move.length === 0 ? {} : { move: [...flags.move] }),
    ...(flags.accept.length === 0 ? {} : { accept: [...flags.accept] }),
  };
}

function parseScale(pairs: readonly string[], command: string): Record<string, number> | undefined {
  if (pairs.length === 0) return undefined;
  const scale: Record<string, number> = Object.create(null);
  for (const pair of pairs) {
    const [, service, amount] = /^(.+)=(\d{1,5})$/.exec(pair) ?? [];
    if (service === undefined)
      throw new UsageError(`${command}: --scale wants SERVICE=COUNT, such as web=3, not ${quote(pair)}.`, command);
    scale[service] = Number(amount);
  }
  return scale;
}

import { type Command, command } from '../command/command.ts';
import { listSpec } from './stack/specs.ts';
import { helpSpec, versionSpec } from './system/specs.ts';

const answeredBeforehand = async () => ({ run: async () => 0 });

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  command(listSpec, () => import('./stack/list.ts')),
  command(versionSpec, answeredBeforehand),
  command(helpSpec, () => import('./system/help.ts')),
];

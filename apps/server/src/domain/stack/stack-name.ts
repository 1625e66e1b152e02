import { isStackName } from '@drover/base';
import { Refusal } from '../refusal.ts';

/** Refuses what is no name of a Compose project, before it is used for anything. */
export function assertStackName(name: string): void {
  if (!isStackName(name))
    throw new Refusal(
      'invalid',
      `${JSON.stringify(name.slice(0, 80))} is no stack name: it must begin with a lower-case letter or digit and hold only those, "-" and "_", at most 63`,
    );
}

import type { Service } from '../../model/service.ts';
import { both, type Rules } from '../rule.ts';
import { ignored } from '../verdict.ts';
import { buildRules } from './build.ts';
import { connectionRules } from './connection.ts';
import { deployRules } from './deploy.ts';
import { processRules } from './process.ts';
import { resourceRules } from './resources.ts';
import { securityRules } from './security.ts';
import { storageRules } from './storage.ts';

/** A service with the keys that the loader takes and the model does not keep. */
export interface WrittenService extends Service {
  readonly pull_refresh_after?: string;
}

const oldName = (name: string) =>
  both(ignored(`it is the name that \`${name}\` had in the first version of Compose files`));

/** One rule for every key of a service. */
export const serviceRules: Rules<WrittenService> = {
  ...processRules,
  ...resourceRules,
  ...securityRules,
  ...connectionRules,
  ...storageRules,
  build: { fields: buildRules },
  deploy: { fields: deployRules },
  dockerfile: oldName('build.dockerfile'),
  log_driver: oldName('logging.driver'),
  log_opt: oldName('logging.options'),
  net: oldName('network_mode'),
};

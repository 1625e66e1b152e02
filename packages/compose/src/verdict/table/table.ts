import type { RuleTree } from '../rule.ts';
import { serviceRules } from './service.ts';
import { fileRules, modelRules, networkRules, volumeRules } from './top-level.ts';

/** A part of the Compose file that has names with keys below. */
export type Section = 'services' | 'networks' | 'volumes' | 'secrets' | 'configs' | 'models';

/**
 * The whole table: for every key of every section what each target does with it. `noun` begins the stable name of a field:
 * `service.deploy.placement`.
 */
export const table: Readonly<Record<Section, { readonly noun: string; readonly rules: RuleTree }>> = {
  services: { noun: 'service', rules: serviceRules },
  networks: { noun: 'network', rules: networkRules },
  volumes: { noun: 'volume', rules: volumeRules },
  secrets: { noun: 'secret', rules: fileRules },
  configs: { noun: 'config', rules: fileRules },
  models: { noun: 'model', rules: modelRules },
};

export const sections = Object.keys(table) as readonly Section[];

/** Keys of the file itself, which the loader has done with before anything is judged. */
export const fileKeys: Readonly<Record<'name' | 'version' | 'include', string>> = {
  name: 'the name of the project',
  include: 'what it includes is judged as if it stood here',
  version: 'obsolete: every file is read by the current specification',
};

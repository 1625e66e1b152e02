import { stat } from 'node:fs/promises';
import { posix, relative } from 'node:path';
import dockerignore from '@balena/dockerignore';
import type { Project, Service, ServiceHook, WatchAction } from '@drover/compose';
import { CommandError } from '../command/errors.ts';
import { readIgnoreFile } from '../source/build-context.ts';

/** One entry of a service's `develop.watch`, ready to be watched. */
export interface WatchRule {
  readonly service: string;
  readonly action: WatchAction;
  /** Absolute; a file or a folder. */
  readonly path: string;
  readonly isFolder: boolean;
  /** The place in the container; for `sync` and its kin alone. */
  readonly target: string | undefined;
  readonly exec: ServiceHook;
  readonly initialSync: boolean;
  /** Whether a change of this absolute path, at or below `path`, is meant. */
  readonly covers: (file: string) => boolean;
  /** Whether nothing in this folder can be meant. */
  readonly prunes: (folder: string) => boolean;
}

/** What editors and version control leave beside the files that people mean. */
const never = [
  '**/.git',
  '**/.idea',
  '**/.vscode',
  '**/*~',
  '**/*.swp',
  '**/*.swx',
  '**/.#*',
  '**/4913',
  '**/___jb_*___',
];

/** The rules of the services, or of all that have any. Throws `CommandError` where there is nothing to watch, or a path is missing. */
export async function watchRules(project: Project, services: readonly string[]): Promise<WatchRule[]> {
  const all = { ...project.disabledServices, ...project.services };
  const wanted = services.length > 0 ? services : Object.keys(project.services);
  const rules: WatchRule[] = [];
  for (const name of wanted) {
    const service = all[name];
    const triggers = service?.develop?.watch ?? [];
    if (triggers.length === 0 && services.length > 0)
      throw new CommandError(`the service ${name} has nothing under develop.watch, so there is nothing to watch of it`);
    for (const trigger of triggers) if (service !== undefined) rules.push(await ruleOf(name, service, trigger));
  }
  if (rules.length === 0) throw new CommandError(`no service of ${project.name} has anything under develop.watch`);
  return rules;
}

type Trigger = NonNullable<NonNullable<Service['develop']>['watch']>[number];

async function ruleOf(service: string, { build }: Service, trigger: Trigger): Promise<WatchRule> {
  const { path, action, target, exec, ignore = [], include = [] } = trigger;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new CommandError(`${path}, which develop.watch of ${service} names, does not exist`);
  if (action.startsWith('sync') && (target ?? '') === '')
    throw new CommandError(
      `develop.watch of ${service} has no target for ${path}: ${action} needs a place in the container`,
    );
  if (action === 'rebuild' && build === undefined)
    throw new CommandError(`develop.watch of ${service} wants a rebuild for ${path}, but ${service} has no build`);
  const own = dockerignore.default({ ignorecase: false }).add([...never, ...ignore]);
  const wanted = include.length === 0 ? undefined : dockerignore.default({ ignorecase: false }).add([...include]);
  const context = build?.context;
  const ofContext = context?.startsWith('/') ? await readIgnoreFile(context) : undefined;
  const leftOut = (file: string): boolean => {
    const inside = relative(path, file);
    if (inside !== '' && own.ignores(inside)) return true;
    const inContext = context === undefined ? '..' : relative(context, file);
    return ofContext !== undefined && inContext !== '' && !inContext.startsWith('..') && ofContext.ignores(inContext);
  };
  const isBelow = (file: string): boolean => file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`);
  return {
    service,
    action,
    path,
    isFolder: found.isDirectory(),
    target,
    exec,
    initialSync: trigger.initial_sync === true,
    covers: (file) =>
      isBelow(file) &&
      !leftOut(file) &&
      (wanted === undefined || wanted.ignores(relative(path, file) || posix.basename(file))),
    prunes: (folder) =>
      isBelow(folder) && folder !== path && leftOut(folder) && !ignore.some((line) => line.startsWith('!')),
  };
}

/** Where a file of a rule stands in the container. */
export function targetOf(rule: WatchRule, file: string): string {
  const inside = relative(rule.path, file);
  return posix.normalize(inside === '' ? (rule.target ?? '') : posix.join(rule.target ?? '', inside));
}

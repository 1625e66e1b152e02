import type { Service } from '@drover/compose';
import { isToolLabel } from '../../../model/labels.ts';
import type { FileTarget, NetworkAttachment, ServiceSpec, TaskContainer } from '../../../model/swarm/service-spec.ts';
import type { StringMap } from '../../../model/wire.ts';
import { map } from '../../compare/canonical.ts';
import { variableName } from '../../compare/container-view.ts';
import { mapDifferences } from '../../compare/differences.ts';
import { portText } from '../spec/endpoint.ts';
import { swarmImageDifference } from './image-reference.ts';
import { serviceRules } from './service-rules.ts';
import { taskMountsByTarget } from './task-mounts.ts';

export interface ServiceDifferences {
  /** In words; a change of one makes the tasks anew. */
  readonly ofTasks: readonly string[];
  /** In words; the tasks go on. */
  readonly ofService: readonly string[];
}

export interface ServiceCompareContext {
  readonly service: Service;
  /** The network's name for its name or id. */
  readonly networkName: (nameOrId: string) => string;
}

/** What tells the service that stands from the one that is wanted; both lists are empty when they mean the same. */
export function serviceDifferences(
  want: ServiceSpec,
  have: ServiceSpec,
  { service, networkName }: ServiceCompareContext,
): ServiceDifferences {
  const [wanted, found] = [containerOf(want), containerOf(have)];
  const rules = serviceRules.filter(({ asked }) => asked?.(service) !== false);
  const fields = (ofTasks: boolean): string[] =>
    rules.filter((rule) => rule.ofTasks === ofTasks).flatMap((rule) => fieldDifference(rule, want, have));
  const image = swarmImageDifference(wanted.Image ?? '', found.Image ?? '');
  return {
    ofTasks: [
      ...(image === undefined ? [] : [image]),
      ...mapDifferences('environment', variables(wanted), variables(found)),
      ...fields(true),
      ...mapDifferences('port', ports(want), ports(have)),
      ...mapDifferences('mount', taskMountsByTarget(wanted.Mounts), taskMountsByTarget(found.Mounts)),
      ...mapDifferences('network', networks(want, networkName), networks(have, networkName)),
      ...mapDifferences('secret', secrets(wanted), secrets(found)),
      ...mapDifferences('config', configs(wanted), configs(found)),
      ...mapDifferences('label', labels(wanted.Labels), labels(found.Labels)),
    ],
    ofService: [...fields(false), ...mapDifferences('service label', labels(want.Labels), labels(have.Labels))],
  };
}

function fieldDifference(rule: (typeof serviceRules)[number], want: ServiceSpec, have: ServiceSpec): string[] {
  const [wanted, found] = [rule.read(want), rule.read(have)];
  if (JSON.stringify(wanted) === JSON.stringify(found)) return [];
  const usual = rule.field === 'restart policy' ? 'any' : 'none';
  return [
    rule.shown === true
      ? `${rule.field} changed: ${String(found ?? usual)} → ${String(wanted ?? usual)}`
      : `${rule.field} changed`,
  ];
}

function containerOf({ TaskTemplate }: ServiceSpec): TaskContainer {
  return TaskTemplate?.ContainerSpec ?? {};
}

function variables({ Env }: TaskContainer): Map<string, string> {
  return new Map((Env ?? []).map((entry) => [variableName(entry), entry]));
}

function ports({ EndpointSpec }: ServiceSpec): Map<string, string> {
  return new Map((EndpointSpec?.Ports ?? []).map((port) => [portText(port).replace(/^ingress /, ''), '']));
}

function networks(spec: ServiceSpec, networkName: (nameOrId: string) => string): Map<string, string> {
  const own = spec.TaskTemplate?.Networks ?? [];
  const all: readonly NetworkAttachment[] = own.length > 0 ? own : (spec.Networks ?? []);
  return new Map(
    all.map(({ Target, Aliases, DriverOpts }) => [
      networkName(Target ?? ''),
      JSON.stringify([[...new Set(Aliases ?? [])].sort(), map(DriverOpts) ?? []]),
    ]),
  );
}

function secrets({ Secrets }: TaskContainer): Map<string, string> {
  return new Map((Secrets ?? []).map(({ File, SecretName }) => [fileName(File), fileText(SecretName, File)]));
}

function configs({ Configs }: TaskContainer): Map<string, string> {
  return new Map(
    (Configs ?? []).map(({ File, Runtime, ConfigName }) =>
      Runtime ? ['of the account', ConfigName ?? ''] : [fileName(File), fileText(ConfigName, File)],
    ),
  );
}

/** Where it appears: the bare name means below `/run/secrets`, and for a config below `/`. */
function fileName(file: FileTarget | null | undefined): string {
  return (file?.Name ?? '').replace(/^\/run\/secrets\/(?=[^/]+$)/, '').replace(/^\/(?=[^/]+$)/, '');
}

function fileText(name: string | null | undefined, file: FileTarget | null | undefined): string {
  return [name, file?.UID || '0', file?.GID || '0', file?.Mode ?? 0].join(' ');
}

/** The author's own: those of the tools say nothing about what runs. */
function labels(all: StringMap | null | undefined): Map<string, string> {
  return new Map(
    Object.entries(all ?? {}).filter(([name]) => !isToolLabel(name) && !name.startsWith('com.docker.stack.')),
  );
}

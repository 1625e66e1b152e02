import type { Service } from '@drover/compose';
import type { Desired, ServiceImage } from '../model/desired.ts';
import { composeLabel, composeVersion, droverLabel } from '../model/labels.ts';
import { containerName, replacementName, slotNames } from '../model/names.ts';
import type { Observed, ObservedContainer } from '../model/observed.ts';
import type { PlanOptions } from '../model/plan-options.ts';
import { bestFirst, nameOf } from './candidates.ts';
import { observedView, wantedView } from './compare/container-view.ts';
import { type CompareContext, containerDifferences } from './compare/differences.ts';
import { updateDrift } from './compare/drift.ts';
import { imageDifference, sameImage } from './image-difference.ts';
import type { ServiceDecision, Slot, SlotTarget } from './slot.ts';
import { type ContainerSpec, containerSpec } from './spec/container-spec.ts';
import { changedFiles } from './spec/files.ts';
import { startFirst } from './start-first.ts';
import { startNeed } from './start-need.ts';

/** What the decision about one service takes into account. */
export interface DecisionRequest {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly options: PlanOptions;
  readonly serviceName: string;
  /** With references to other services' containers resolved, to ids or tokens. */
  readonly service: Service;
  readonly image: ServiceImage;
  readonly configHash: string;
  readonly scale: number;
  readonly standing: ReadonlyMap<number, readonly ObservedContainer[]>;
  readonly awaitedCompletion: boolean;
  readonly numbersOf: (service: string) => readonly number[];
  readonly lookups: Pick<CompareContext, 'networkId' | 'containerId' | 'isProjectNetwork'>;
  /** Networks, by name, that are made or made anew. */
  readonly freshNetworks: ReadonlySet<string>;
  /** The project's containers by name. */
  readonly holders: ReadonlyMap<string, ObservedContainer>;
}

/** Decides what each slot of a service shall hold. */
export function decideService(request: DecisionRequest): ServiceDecision {
  const { serviceName, scale, standing } = request;
  const groups = [...standing].map(([number, containers]) => decideGroup(request, number, containers));
  const kept = groups
    .filter(({ number }) => number > 0)
    .sort((a, b) => Number(b.matching !== undefined) - Number(a.matching !== undefined) || a.number - b.number)
    .slice(0, scale);
  const taken = new Set(kept.map(({ number }) => number));
  const surplus = groups.filter(({ number }) => !taken.has(number)).flatMap(({ containers }) => containers);
  const slots = kept.map((group) => fillSlot(request, group));
  for (let number = 1; slots.length < scale; number += 1) {
    if (!taken.has(number)) slots.push(emptySlot(request, number));
  }
  return { name: serviceName, slots: slots.sort((a, b) => a.number - b.number), surplus };
}

interface Group {
  readonly number: number;
  readonly finalName: string;
  /** The best first. */
  readonly containers: readonly ObservedContainer[];
  /** The best of those that are as wanted. */
  readonly matching: ObservedContainer | undefined;
  /** Why the best one is not as wanted. */
  readonly causes: readonly string[];
  readonly spec: ContainerSpec;
}

function decideGroup(request: DecisionRequest, number: number, standing: readonly ObservedContainer[]): Group {
  const { desired, serviceName, service } = request;
  const finalName = containerName(desired.identity.name, serviceName, number, service.container_name);
  const containers = bestFirst(standing, finalName);
  const spec = containerSpec({ ...request, number, apiVersion: request.observed.engine.apiVersion });
  let causes: readonly string[] = [];
  for (const [index, container] of containers.entries()) {
    const differences = recreationCauses(request, number, spec, container);
    if (differences.length === 0) return { number, finalName, containers, matching: container, causes: [], spec };
    if (index === 0) causes = differences;
  }
  return { number, finalName, containers, matching: undefined, causes, spec };
}

/** Why the container cannot stay as it is, in words. */
function recreationCauses(
  request: DecisionRequest,
  number: number,
  spec: ContainerSpec,
  container: ObservedContainer,
): string[] {
  const { desired, serviceName, image, options } = request;
  const labels = container.Config.Labels ?? {};
  if (container.State.Status === 'dead') return ['container is dead'];
  if (options.recreate === 'never') return [];
  const madeNow = labels[droverLabel.revision] === String(desired.revision);
  if (options.recreate === 'force' && !madeNow) return ['recreation was asked for'];
  const byDrover = labels[droverLabel.revision] !== undefined;
  const putBefore = labels[droverLabel.contents];
  const files = byDrover ? changedFiles(putBefore ?? '', spec.files.label ?? '') : [];
  if (labels[composeLabel.configHash] === request.configHash && sameImage(image, container)) return files;

  const imageCause = imageDifference(image, container);
  const settings = sameImage(image, container) ? image.config : request.observed.images.get(container.Image);
  const context: CompareContext = {
    ...request.lookups,
    strict: byDrover || labels[composeLabel.version] === composeVersion,
    ownNames: slotNames(desired.identity.name, serviceName, number, request.service.container_name),
    fileTargets: spec.files.targets,
    filesWerePut: putBefore !== undefined || !byDrover,
  };
  // Without the old image's settings, what it gave the container cannot be told from what the file did.
  const differences =
    settings === undefined ? [] : containerDifferences(wantedView(spec, settings), observedView(container), context);
  return [...(imageCause === undefined ? [] : [imageCause]), ...files, ...differences];
}

function fillSlot(request: DecisionRequest, group: Group): Slot {
  const { number, finalName, containers, matching } = group;
  const order = startFirst(request.service, request.image);
  if (matching !== undefined) {
    const others = containers.filter((container) => container !== matching);
    const target = standingTarget(request, matching, group.spec);
    const legacy = slotNames(
      request.desired.identity.name,
      request.serviceName,
      number,
      request.service.container_name,
    );
    const name = nameOf(matching);
    return {
      number,
      finalName: legacy.includes(name) ? name : finalName,
      target,
      causes: [],
      others,
      startFirst: order.allowed,
    };
  }
  const [replaced] = containers;
  const spec = containerSpec({
    ...request,
    number,
    apiVersion: request.observed.engine.apiVersion,
    replaces: replaced,
    inheritVolumes: request.options.renewAnonymousVolumes !== true,
  });
  const name = freeName(request, finalName, replaced);
  const target = { kind: 'new', name, spec, ...platform(request) } as const;
  return { number, finalName, target, causes: group.causes, others: containers, startFirst: order.allowed };
}

function emptySlot(request: DecisionRequest, number: number): Slot {
  const { desired, serviceName, service } = request;
  const finalName = containerName(desired.identity.name, serviceName, number, service.container_name);
  const spec = containerSpec({ ...request, number, apiVersion: request.observed.engine.apiVersion });
  return {
    number,
    finalName,
    target: { kind: 'new', name: freeName(request, finalName, undefined), spec, ...platform(request) },
    causes: ['container is missing'],
    others: [],
    startFirst: false,
  };
}

function standingTarget(request: DecisionRequest, container: ObservedContainer, spec: ContainerSpec): SlotTarget {
  const want = wantedView(spec, request.image.config);
  const have = observedView(container);
  const update = updateDrift(want, have);
  const found = new Map(
    [...have.endpoints].map(([name, endpoint]) => [name, endpoint.NetworkID || request.lookups.networkId(name)]),
  );
  const connect = [...want.endpoints.keys()].filter(
    (name) => request.freshNetworks.has(name) || ![...found.values()].includes(request.lookups.networkId(name)),
  );
  const completedNow = request.options.completed?.has(container.Id) === true;
  return {
    kind: 'standing',
    container,
    spec,
    start: startNeed(request.service, container, request.awaitedCompletion, completedNow),
    ...(update === undefined ? {} : { update }),
    connect,
  };
}

/** The slot's own name, or the one that a replacement has for as long as a container of the project holds that. */
function freeName(request: DecisionRequest, finalName: string, replaced: ObservedContainer | undefined): string {
  const { holders } = request;
  const first = holders.get(finalName);
  if (first === undefined) return finalName;
  let name = replacementName((replaced ?? first).Id, finalName);
  for (const holder of holders.values()) {
    if (!holders.has(name)) break;
    name = replacementName(holder.Id, finalName);
  }
  return name;
}

function platform({ service, desired }: DecisionRequest): { readonly platform?: string } {
  const wanted = service.platform ?? desired.defaultPlatform;
  return wanted === undefined || wanted === '' ? {} : { platform: wanted };
}

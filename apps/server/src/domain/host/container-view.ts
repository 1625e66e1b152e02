import type { ContainerView } from '@drover/contract';
import type { ContainerSummary, PublishedPort } from '@drover/engine';
import { composeLabel } from '@drover/orchestration';
import { membership, type ViewedHost } from './membership.ts';

/** A container as the API shows it, from one line of the engine's list. */
export function containerView(summary: ContainerSummary, of: ViewedHost = {}): ContainerView {
  const label = (name: string) => (Object.hasOwn(summary.Labels, name) ? summary.Labels[name] : undefined);
  const { stack, service, number } = membership(label, of);
  const health = healthOf(summary);
  const exitCode = /^Exited \((-?\d+)\)/.exec(summary.Status)?.[1];
  return {
    id: summary.Id,
    name: nameOf(summary),
    image: summary.Image,
    imageId: summary.ImageID,
    state: summary.State,
    ...(health === undefined ? {} : { health }),
    ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
    status: summary.Status,
    ...(stack === undefined ? {} : { stack }),
    ...(service === undefined ? {} : { service }),
    ...(number === undefined ? {} : { number }),
    ...(of.name === undefined ? {} : { host: of.name }),
    oneOff: label(composeLabel.oneOff) === 'True',
    ports: portsOf(summary.Ports),
    createdAt: new Date(summary.Created * 1000).toISOString(),
  };
}

/** The status in an engine's words as it is so many seconds later: they count seconds up to a minute, and are coarse from then on. */
export function statusLater(status: string, seconds: number): string {
  return status.replace(/\b(?:Less than a second|(\d+) seconds?)\b/, (_, said: string | undefined) =>
    durationWords(Number(said ?? 0) + Math.floor(seconds)),
  );
}

function durationWords(seconds: number): string {
  if (seconds < 1) return 'Less than a second';
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  return minutes === 1 ? 'About a minute' : `${minutes} minutes`;
}

/** The name without the slash, and without the names that links gave it. */
export function nameOf(summary: ContainerSummary): string {
  const own = summary.Names.find((name) => name.lastIndexOf('/') === 0) ?? summary.Names[0] ?? summary.Id.slice(0, 12);
  return own.replace(/^\//, '');
}

/** The project that a container belongs to, by docker compose's label. */
export function projectOf(summary: ContainerSummary): string | undefined {
  return Object.hasOwn(summary.Labels, composeLabel.project) ? summary.Labels[composeLabel.project] : undefined;
}

// Before API 1.52 a list tells the health only in the words of the status.
function healthOf(summary: ContainerSummary): ContainerView['health'] {
  const told = summary.Health?.Status;
  if (told !== undefined) return told === 'none' ? undefined : told;
  if (/\(health: starting\)/.test(summary.Status)) return 'starting';
  if (/\(unhealthy\)/.test(summary.Status)) return 'unhealthy';
  return /\(healthy\)/.test(summary.Status) ? 'healthy' : undefined;
}

function portsOf(ports: readonly PublishedPort[]): string[] {
  const texts = ports.map(({ IP, PublicPort, PrivatePort, Type }) => {
    const inside = `${PrivatePort}/${Type}`;
    if (PublicPort === undefined) return inside;
    const address = IP === undefined || IP === '' ? '0.0.0.0' : IP.includes(':') ? `[${IP}]` : IP;
    return `${address}:${PublicPort}->${inside}`;
  });
  return [...new Set(texts)].sort();
}

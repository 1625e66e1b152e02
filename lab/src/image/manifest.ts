import { createHash } from 'node:crypto';
import type { Layer } from './layer.ts';
import type { ImageConfig, ImageHealthcheck } from './recipe.ts';
import { imagePath } from './recipe.ts';

/** A JSON document as the registry keeps it. */
export interface Document {
  readonly body: string;
  readonly digest: string;
  readonly mediaType: string;
}

const created = '2025-01-01T00:00:00Z';

/** The configuration of an image: what containers made from it are like, and the layers it consists of. */
export function imageDocument(config: ImageConfig, layers: readonly Layer[], description: string): Document {
  const environment = Object.entries({ PATH: imagePath, ...config.env }).map(([name, value]) => `${name}=${value}`);
  const asKeys = (values: readonly string[]) => Object.fromEntries(values.map((value) => [value, {}]));
  return documentOf('application/vnd.docker.container.image.v1+json', {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    created,
    config: {
      Env: environment,
      ...(config.entrypoint && { Entrypoint: config.entrypoint }),
      ...(config.command && { Cmd: config.command }),
      ...(config.exposed && { ExposedPorts: asKeys(config.exposed) }),
      ...(config.volumes && { Volumes: asKeys(config.volumes) }),
      ...(config.workingDir && { WorkingDir: config.workingDir }),
      ...(config.stopSignal && { StopSignal: config.stopSignal }),
      ...(config.user && { User: config.user }),
      ...(config.labels && { Labels: config.labels }),
      ...(config.healthcheck && { Healthcheck: healthcheck(config.healthcheck) }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map(() => ({ created, created_by: description })),
  });
}

/** The manifest that a tag points at (Docker's schema 2, which every engine reads). */
export function manifestDocument(image: Document, layers: readonly Layer[]): Document {
  return documentOf('application/vnd.docker.distribution.manifest.v2+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { mediaType: image.mediaType, size: Buffer.byteLength(image.body), digest: image.digest },
    layers: layers.map((layer) => ({
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      size: layer.size,
      digest: layer.digest,
    })),
  });
}

function healthcheck(check: ImageHealthcheck): object {
  const nanoseconds = (seconds: number) => seconds * 1e9;
  return {
    Test: check.test,
    Interval: nanoseconds(check.intervalSeconds),
    Timeout: nanoseconds(check.timeoutSeconds),
    Retries: check.retries,
    ...(check.startPeriodSeconds !== undefined && { StartPeriod: nanoseconds(check.startPeriodSeconds) }),
  };
}

function documentOf(mediaType: string, value: unknown): Document {
  const body = JSON.stringify(value);
  return { body, mediaType, digest: `sha256:${createHash('sha256').update(body).digest('hex')}` };
}

import type { ImageId } from '@drover/base';
import type { ImageConfig, ImageInspect, ImageSummary } from '../model/image.ts';
import type { FakeBehaviour } from './behaviour.ts';

/** What a test says of an image; what is absent is empty. */
export interface FakeImageDefinition {
  readonly config?: ImageConfig;
  readonly behaviour?: FakeBehaviour;
  /** Bytes. */
  readonly size?: number;
  /** Two definitions with different content get different ids; default the reference. */
  readonly content?: string;
  /** Who may pull it; anybody when absent. */
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly architecture?: string;
}

export interface FakeImage {
  readonly id: ImageId;
  readonly definition: FakeImageDefinition;
  readonly created: Date;
  /** In familiar form, with a tag. */
  readonly tags: Set<string>;
  /** `name@sha256:…`. */
  readonly digests: Set<string>;
}

export function inspectImage(image: FakeImage): ImageInspect {
  const { definition } = image;
  return {
    Id: image.id,
    RepoTags: [...image.tags],
    RepoDigests: [...image.digests],
    Created: image.created.toISOString(),
    Author: '',
    Config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], ...definition.config },
    Architecture: definition.architecture ?? 'amd64',
    Os: 'linux',
    Size: definition.size ?? 1_000_000,
    RootFS: { Type: 'layers', Layers: [image.id] },
    Metadata: { LastTagTime: image.created.toISOString() },
  };
}

export function summarizeImage(image: FakeImage): ImageSummary {
  return {
    Id: image.id,
    ParentId: '',
    RepoTags: [...image.tags],
    RepoDigests: [...image.digests],
    Created: Math.floor(image.created.getTime() / 1000),
    Size: image.definition.size ?? 1_000_000,
    SharedSize: -1,
    Labels: image.definition.config?.Labels ?? null,
    Containers: -1,
  };
}

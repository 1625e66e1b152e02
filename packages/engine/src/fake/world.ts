import { createHash } from 'node:crypto';
import type { ContainerId, ImageId } from '@drover/base';
import type { ApiVersion } from '../api-version.ts';
import { familiarReference } from '../image-reference.ts';
import type { NetworkSummary } from '../model/network.ts';
import type { VolumeInspect } from '../model/volume.ts';
import type { FakeContainer } from './container.ts';
import { EventBus } from './event-bus.ts';
import { notFound } from './failure.ts';
import type { FakeImage, FakeImageDefinition } from './image.ts';
import type { FakeMember } from './swarm/fabric.ts';

export interface FakeNetwork extends NetworkSummary {
  /** Addresses in use. */
  readonly addresses: Set<string>;
  lastHost: number;
}

/** How many engines there have been. */
let worlds = 0;

/** Everything that stands in one fake engine. */
export class FakeWorld {
  readonly apiVersion: ApiVersion;
  readonly events = new EventBus();
  readonly containers = new Map<string, FakeContainer>();
  /** Container ids by name. */
  readonly names = new Map<string, ContainerId>();
  /** By id. */
  readonly networks = new Map<string, FakeNetwork>();
  readonly volumes = new Map<string, VolumeInspect>();
  /** By id. */
  readonly images = new Map<string, FakeImage>();
  /** What can be pulled, by familiar reference. */
  readonly registry = new Map<string, FakeImageDefinition>();
  /** Container ids by `protocol/address/port`. */
  readonly hostPorts = new Map<string, ContainerId>();
  /** Its part in a Swarm; set once, when the engine is made. */
  swarm: FakeMember | null = null;
  readonly #number = ++worlds;
  #counter = 0;

  constructor(apiVersion: ApiVersion) {
    this.apiVersion = apiVersion;
    for (const [name, driver] of [
      ['bridge', 'bridge'],
      ['host', 'host'],
      ['none', 'null'],
    ] as const) {
      this.addNetwork({
        Name: name,
        Id: this.newId(),
        Created: new Date().toISOString(),
        Scope: 'local',
        Driver: driver,
        EnableIPv6: false,
        IPAM:
          driver === 'bridge'
            ? { Driver: 'default', Options: null, Config: [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1' }] }
            : { Driver: 'default', Options: null, Config: null },
        Internal: false,
        Attachable: false,
        Ingress: false,
        ConfigFrom: { Network: '' },
        ConfigOnly: false,
        Options: {},
        Labels: {},
      });
    }
  }

  /** 64 hexadecimal digits that no other call gives, of this engine or another. */
  newId(): string {
    this.#counter += 1;
    return createHash('sha256').update(`fake ${this.#number} ${this.#counter}`).digest('hex');
  }

  addNetwork(network: NetworkSummary): FakeNetwork {
    const added: FakeNetwork = { ...network, addresses: new Set(), lastHost: 1 };
    this.networks.set(network.Id, added);
    return added;
  }

  /** The id that an image of this reference and definition has. */
  imageId(reference: string, definition: FakeImageDefinition): ImageId {
    const described = [
      definition.content ?? familiarReference(reference),
      definition.config ?? null,
      definition.behaviour ?? null,
    ];
    return `sha256:${createHash('sha256').update(JSON.stringify(described)).digest('hex')}` as ImageId;
  }

  /** Puts an image into the engine and its tag on it. */
  addImage(reference: string, definition: FakeImageDefinition): FakeImage {
    const familiar = familiarReference(reference);
    const content = definition.content ?? familiar;
    const id = this.imageId(familiar, definition);
    const image = this.images.get(id) ?? {
      id,
      definition: { ...definition, content },
      created: new Date(),
      tags: new Set(),
      digests: new Set(),
    };
    this.images.set(id, image);
    if (!familiar.includes('@')) this.tagImage(image, familiar);
    image.digests.add(`${familiar.replace(/[:@][^/]*$/, '')}@${id}`);
    return image;
  }

  /** Moves a tag to an image. */
  tagImage(image: FakeImage, reference: string): void {
    const familiar = familiarReference(reference);
    for (const other of this.images.values()) other.tags.delete(familiar);
    image.tags.add(familiar);
  }

  findImage(reference: string): FakeImage | undefined {
    const byId = this.images.get(reference);
    if (byId !== undefined) return byId;
    const familiar = familiarReference(reference);
    for (const image of this.images.values()) {
      if (image.tags.has(familiar) || image.digests.has(familiar)) return image;
    }
    if (!/^(sha256:)?[0-9a-f]{4,64}$/.test(reference)) return undefined;
    const digits = reference.replace(/^sha256:/, '');
    return [...this.images.values()].find((image) => image.id.slice('sha256:'.length).startsWith(digits));
  }

  image(reference: string): FakeImage {
    const image = this.findImage(reference);
    if (image === undefined) {
      throw notFound(
        `No such image: ${/^(sha256:)?[0-9a-f]{12,64}$/.test(reference) ? reference : familiarReference(reference)}`,
      );
    }
    return image;
  }

  container(reference: string): FakeContainer {
    const name = reference.replace(/^\//, '');
    const found =
      this.containers.get(reference) ??
      this.containers.get(this.names.get(name) ?? '') ??
      this.#byPrefix(this.containers, reference);
    if (found === undefined) throw notFound(`No such container: ${reference}`);
    return found;
  }

  findNetwork(reference: string): FakeNetwork | undefined {
    const byId = this.networks.get(reference);
    if (byId !== undefined) return byId;
    for (const network of this.networks.values()) if (network.Name === reference) return network;
    return this.#byPrefix(this.networks, reference) ?? this.#findAttachable(reference);
  }

  /** A worker shows no overlay network before it uses it, and can be asked for one all the same. */
  #findAttachable(reference: string): FakeNetwork | undefined {
    const overlays = this.swarm?.cluster?.networks;
    if (overlays === undefined) return undefined;
    return [...overlays.values()].find(
      ({ Id, Name, Attachable }) => Attachable && (Id === reference || Name === reference),
    );
  }

  network(reference: string): FakeNetwork {
    const found = this.findNetwork(reference);
    if (found === undefined) throw notFound(`network ${reference} not found`);
    return found;
  }

  #byPrefix<T>(things: ReadonlyMap<string, T>, prefix: string): T | undefined {
    if (!/^[0-9a-f]{4,64}$/.test(prefix)) return undefined;
    for (const [id, thing] of things) if (id.startsWith(prefix)) return thing;
    return undefined;
  }
}

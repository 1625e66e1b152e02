import type { FieldType, Shape } from '@drover/compose/bind/field';
import { serviceShape } from '@drover/compose/bind/service-shape';
import { fileObjectShape, networkShape, volumeShape } from '@drover/compose/bind/shapes';

const roots: Readonly<Record<string, Shape>> = {
  service: serviceShape,
  network: networkShape,
  volume: volumeShape,
  secret: fileObjectShape,
  config: fileObjectShape,
};

/** Every key that the model has, nested ones too: `service.build.args`, `network.ipam.config.subnet`. */
export function modelKeys(): string[] {
  return Object.entries(roots).flatMap(([name, shape]) => keysBelow(name, shape));
}

function keysBelow(path: string, { fields }: Shape): string[] {
  return fields.flatMap(({ key, type }) => {
    const own = `${path}.${key}`;
    return 'shape' in type ? [own, ...keysBelow(own, type.shape)] : [own];
  });
}

/** The keys that an object of the project uses, named as `modelKeys` names them. */
export function usedKeys(root: 'service' | 'network' | 'volume' | 'secret' | 'config', object: object): string[] {
  return usedBelow(root, roots[root] as Shape, object);
}

function usedBelow(path: string, { fields }: Shape, object: object): string[] {
  return fields.flatMap(({ key, json, type }) => {
    const value: unknown = Reflect.get(object, json ?? key);
    if (value === undefined || value === null || isEmpty(value)) return [];
    const own = `${path}.${key}`;
    return [own, ...partsOf(type, value).flatMap((part) => ('shape' in type ? usedBelow(own, type.shape, part) : []))];
  });
}

function partsOf(type: FieldType, value: unknown): readonly object[] {
  const parts: readonly unknown[] =
    type.kind === 'struct-list'
      ? (value as readonly unknown[])
      : type.kind === 'struct-map'
        ? Object.values(Object(value))
        : [value];
  return parts.filter((part): part is object => typeof part === 'object' && part !== null);
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

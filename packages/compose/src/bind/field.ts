/**
 * How a value of a Compose file becomes one of the model, and how Go prints it. The kinds are those of docker compose's own types:
 * which inputs they take, and when a zero value is left out, differs from one to the next.
 */
export type FieldType =
  | { readonly kind: 'string' }
  /** A list of strings, nothing else. */
  | { readonly kind: 'strings' }
  /** One string or a list of strings. */
  | { readonly kind: 'string-list' }
  /** One string, or a list whose elements are printed. */
  | { readonly kind: 'printed-list' }
  | { readonly kind: 'bool' }
  /** Kept when false. */
  | { readonly kind: 'optional-bool' }
  | { readonly kind: 'int' }
  /** Kept when 0. */
  | { readonly kind: 'optional-int' }
  | { readonly kind: 'uint'; readonly bits: 16 | 32 | 64 }
  | { readonly kind: 'optional-uint' }
  | { readonly kind: 'float' }
  | { readonly kind: 'cpus' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'optional-duration' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'command' }
  | { readonly kind: 'health-test' }
  /** Values are strings, null is ''. */
  | { readonly kind: 'mapping' }
  /** Values are strings or null. */
  | { readonly kind: 'environment' }
  /** A mapping only, values printed. */
  | { readonly kind: 'options' }
  | { readonly kind: 'multi-options' }
  /** A mapping only, values strings. */
  | { readonly kind: 'string-map' }
  | { readonly kind: 'hosts' }
  | { readonly kind: 'ssh' }
  | { readonly kind: 'ulimits' }
  | { readonly kind: 'device-count' }
  | { readonly kind: 'file-mode' }
  | { readonly kind: 'env-files' }
  /** `always`: present even when the file has nothing. */
  | { readonly kind: 'struct'; readonly shape: Shape; readonly always?: true }
  | { readonly kind: 'struct-list'; readonly shape: Shape }
  /** `nullable`: a name without a value is null. */
  | { readonly kind: 'struct-map'; readonly shape: Shape; readonly nullable?: true };

export interface Field {
  readonly key: string;
  readonly type: FieldType;
  /** The key in JSON where it differs. */
  readonly json?: string;
  /** Printed even when it has Go's zero value. */
  readonly zero?: true;
}

/** The fields of one of docker compose's structs, in its order, which the configuration hash depends on. */
export interface Shape {
  readonly fields: readonly Field[];
  readonly byKey: ReadonlyMap<string, Field>;
  /** Whether `x-` keys are kept. */
  readonly extensible: boolean;
}

/** The type of a field by its name, for the simple ones. */
export function of<Kind extends Exclude<FieldType['kind'], 'uint' | 'struct' | 'struct-list' | 'struct-map'>>(
  kind: Kind,
): { readonly kind: Kind } {
  return { kind };
}

/** A shape from its fields, in order. Given the model's type it holds the keys to it. */
export function shape<Model>(
  fields: { readonly [Key in KnownKeys<Model>]-?: FieldType | Omit<Field, 'key'> },
  options: { readonly extensible?: boolean } = {},
): Shape {
  const list = Object.entries<FieldType | Omit<Field, 'key'>>(fields).map(([key, value]): Field => {
    return 'kind' in value ? { key, type: value } : { key, ...value };
  });
  return {
    fields: list,
    byKey: new Map(list.map((field) => [field.key, field])),
    extensible: options.extensible ?? true,
  };
}

/** The keys of a model type, its `x-` index aside. */
type KnownKeys<Model> = keyof {
  [Key in keyof Model as Key extends `x-${string}` ? never : `x-${string}` extends Key ? never : Key]: 1;
};

import type { Path } from '../diagnostics/diagnostic.ts';
import { type MapNode, map, type Place } from '../tree/node.ts';
import type { Source } from '../tree/source.ts';
import type { Session } from './session.ts';

/** Where a file stands while it is loaded. */
export interface LayerContext {
  readonly session: Session;
  readonly environment: ReadonlyMap<string, string>;
  /** Against which the paths in the model are resolved; relative below an include. */
  readonly workingDir: string;
  /** Absolute: where the files that this one names are looked for. */
  readonly folder: string;
  readonly home: string | undefined;
  readonly interpolate: boolean;
  /** `details` say where the address is written. */
  readonly resolveRemote: (address: string, details: { readonly path: Path; readonly place: Place }) => Promise<string>;
  /** What was included on the way here. */
  readonly included: readonly string[];
  /** `loadLayer`, handed in because files that name files make the loading recursive. */
  readonly load: LoadLayer;
}

/** Puts a file, document by document, on top of a model. A fragment is a file that a service extends from. */
export type LoadLayer = (
  source: Source,
  base: MapNode,
  context: LayerContext,
  as?: 'file' | 'fragment',
) => Promise<Layer>;

/** A model and what the last document of its file clears. */
export interface Layer {
  readonly model: MapNode;
  readonly resets: readonly Path[];
}

/** The model before any file. */
export function emptyLayer(source: Source): MapNode {
  return map({ source, start: 0, end: 0, key: -1 }, new Map());
}

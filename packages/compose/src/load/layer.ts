import { type CanonicalContext, canonicalize, omitEmpty } from '../canonical/canonical.ts';
import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { composeSchema } from '../generated/compose-schema.ts';
import { interpolate } from '../interpolate/interpolate.ts';
import { mergeModels } from '../merge/merge.ts';
import { applyResets } from '../merge/reset.ts';
import { enforceUnicity } from '../merge/unicity.ts';
import { validate } from '../schema/validate.ts';
import { variablesIn } from '../template/parse.ts';
import { dropEntry } from '../tree/edit.ts';
import { type MapNode, typeInWords } from '../tree/node.ts';
import type { Source } from '../tree/source.ts';
import { readDocuments, type YamlDocument } from '../yaml/documents.ts';
import { applyExtends } from './extends.ts';
import { applyInclude } from './include.ts';
import type { Layer, LayerContext } from './layer-context.ts';
import type { Session } from './session.ts';

/** Puts a file, document by document, on top of a model. A fragment is a file that a service extends from. */
export async function loadLayer(
  source: Source,
  base: MapNode,
  context: LayerContext,
  as: 'file' | 'fragment' = 'file',
): Promise<Layer> {
  let model = base;
  let resets: readonly Path[] = [];
  for (const document of readDocuments(source, context.session.limits)) {
    context.session.checkAborted();
    model = await loadDocument(document, source, model, context, as);
    resets = document.resets;
  }
  return { model, resets };
}

async function loadDocument(
  document: YamlDocument,
  source: Source,
  base: MapNode,
  context: LayerContext,
  as: 'file' | 'fragment',
): Promise<MapNode> {
  const { session } = context;
  let layer = topOf(document, source);
  for (const section of layer.entries.values()) {
    if (section.kind === 'map') for (const name of section.entries.keys()) session.redaction.allow(name);
  }
  if (context.interpolate) layer = interpolateLayer(layer, context);
  let model = base;
  if (as === 'file') {
    layer = await applyExtends(layer, source, document.resets, context);
    model = applyResets(model, document.resets);
    layer = await applyInclude(layer, { ...context, included: [...context.included, source.uri] });
  } else model = applyResets(model, document.resets);
  model = mergeModels(model, layer);
  session.spend(model);
  model = enforceUnicity(model);
  if (as === 'file') model = checkSchema(model, session);
  const canonical: CanonicalContext = {
    lenient: !context.interpolate,
    warn: (error) => session.warn(error),
    spend: (values, place) => session.spendValues(values, { place }),
  };
  return enforceUnicity(omitEmpty(canonicalize(model, canonical)));
}

function topOf(document: YamlDocument, source: Source): MapNode {
  const { root } = document;
  if (root.kind === 'map') return root;
  throw new ComposeError('yaml', `${source.uri} must hold a mapping, not ${typeInWords(root)}`, { place: root });
}

function interpolateLayer(layer: MapNode, context: LayerContext): MapNode {
  const { session, environment } = context;
  const warned = new Set<string>();
  return interpolate(layer, {
    lookup: (name) => environment.get(name),
    budget: session.budget,
    onText: (text) => {
      for (const reference of variablesIn(text)) session.nameVariable(reference, environment.has(reference.name));
    },
    onUse: ({ name, operator }, value, node, path) => {
      if (value !== undefined) session.redaction.hide(name, value);
      else if (operator === '') {
        const use = `${name} ${node.start}`;
        if (warned.has(use)) return;
        warned.add(use);
        session.warn(
          new ComposeError('unset-variable', `the variable ${name} is not set, so it is empty`, { path, place: node }),
        );
      }
    },
  }) as MapNode;
}

function checkSchema(model: MapNode, session: Session): MapNode {
  const errors = validate(model, composeSchema);
  const last = errors.pop();
  if (last !== undefined) {
    for (const error of errors) session.report(error, 'error');
    throw last;
  }
  const version = model.entries.get('version');
  if (version === undefined) return model;
  session.warn(
    new ComposeError('obsolete', 'version means nothing any more and can be taken out', {
      path: ['version'],
      place: version,
    }),
  );
  return dropEntry(model, 'version');
}

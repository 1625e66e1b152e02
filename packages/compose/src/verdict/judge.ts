import type { Origin, Path } from '../diagnostics/diagnostic.ts';
import type { Project } from '../model/project.ts';
import type { HostFacts } from './host-facts.ts';
import type { LeftOut, Target, Verdict } from './verdict.ts';
import { type JudgedField, judgedFields } from './walk.ts';

/** What a target does with one field that the project uses. */
export interface FieldVerdict {
  /** Where in the model. */
  readonly path: Path;
  /** Its stable name, which `--accept` takes: `service.deploy.placement.constraints`. */
  readonly field: string;
  readonly verdict: Verdict;
  /** How it is emulated, why it is harmless that it is ignored, why it is refused. */
  readonly reason?: string;
  /** For a refused one: what to write instead. */
  readonly instead?: string;
  /** For a refused one that may be accepted: what is then left out of the model. */
  readonly leftOut?: Path;
  readonly service?: string;
  readonly origin?: Origin;
}

/** The truth about a project on a target. */
export interface VerdictReport {
  readonly target: Target;
  /** Every field that is used, once, in the order of the model. */
  readonly fields: readonly FieldVerdict[];
  readonly counts: Readonly<Record<Verdict, number>>;
}

/** The place of a value in the files, as the loader's result tells it. */
export type Provenance = (path: Path) => Origin | undefined;

/**
 * What the target will do with every field that the project uses. Pure; what is not known of the hosts is taken for what is usual
 * today. Services whose profile is not active are not judged.
 */
export function judge(
  project: Project,
  provenance: Provenance | undefined,
  target: Target,
  facts: HostFacts = {},
): VerdictReport {
  const isWritten = provenance === undefined ? undefined : (path: Path) => isOfItsOwn(provenance, path);
  const fields = judgedFields({ project, target, facts, isWritten }).map((each) => fieldVerdict(each, provenance));
  const counts = { honoured: 0, emulated: 0, ignored: 0, refused: 0 };
  for (const { verdict } of fields) counts[verdict]++;
  return { target, fields, counts };
}

function fieldVerdict({ path, field, judgement }: JudgedField, provenance: Provenance | undefined): FieldVerdict {
  const origin = provenance?.(path);
  return {
    path,
    field,
    verdict: judgement.verdict,
    ...(judgement.reason === undefined ? {} : { reason: judgement.reason }),
    ...(judgement.verdict === 'refused' ? { instead: judgement.instead } : {}),
    ...(judgement.verdict === 'refused' && judgement.leftOut !== undefined
      ? { leftOut: leftOutPath(path, judgement.leftOut) }
      : {}),
    ...(path[0] === 'services' ? { service: String(path[1]) } : {}),
    ...(origin === undefined ? {} : { origin }),
  };
}

function leftOutPath(path: Path, what: LeftOut): Path {
  const item = path.findLastIndex((part) => typeof part === 'number');
  return what === 'item' && item !== -1 ? path.slice(0, item + 1) : path;
}

/** A key that is not written has the place of what is around it. */
function isOfItsOwn(provenance: Provenance, path: Path): boolean {
  const [own, around] = [provenance(path), provenance(path.slice(0, -1))];
  return own !== undefined && (own.file !== around?.file || own.start !== around.start);
}

import type { Path } from '../diagnostics/diagnostic.ts';
import type { Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import type { HostFacts } from './host-facts.ts';
import type { Rule, RuleNode, RuleTree, Situation } from './rule.ts';
import { sections, table } from './table/table.ts';
import type { Judgement, Target } from './verdict.ts';

/** A field that the project uses, as the table judges it. */
export interface JudgedField {
  readonly path: Path;
  /** Its stable name: `service.deploy.placement.constraints`. */
  readonly field: string;
  readonly judgement: Judgement;
}

export interface WalkRequest {
  readonly project: Project;
  readonly target: Target;
  readonly facts: HostFacts;
  /** Whether the author wrote a key that the loader has put into others; without it, such keys are not looked for. */
  readonly isWritten?: ((path: Path) => boolean) | undefined;
}

/** Judges every field that the project uses, once, in the order of the model. */
export function judgedFields(request: WalkRequest): JudgedField[] {
  const { project, target, facts, isWritten } = request;
  const found: JudgedField[] = [];
  for (const section of sections) {
    const { noun, rules } = table[section];
    for (const [name, object] of Object.entries(project[section])) {
      const service = section === 'services' ? (object as Service) : undefined;
      const visit = (situation: Situation): JudgedField[] => {
        const walk: Walk = { target, situation, isWritten, found: [] };
        visitKeys(walk, rules, object, [section, name], noun);
        return walk.found;
      };
      const alone = { facts, project, service, pinned: false };
      let fields = visit(alone);
      if (service !== undefined && fields.some(({ judgement }) => pinsService(judgement)))
        fields = visit({ ...alone, pinned: true });
      for (const field of fields) found.push(field);
    }
  }
  return found;
}

interface Walk {
  readonly target: Target;
  readonly situation: Situation;
  readonly isWritten: WalkRequest['isWritten'];
  readonly found: JudgedField[];
}

function visitKeys(walk: Walk, rules: RuleTree, object: object, path: Path, name: string): void {
  for (const [key, value] of Object.entries(object)) {
    const node = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (node !== undefined && isUsed(value)) visitKey(walk, node, value, object, [...path, key], `${name}.${key}`);
  }
  if (walk.isWritten === undefined) return;
  for (const [key, node] of Object.entries(rules)) {
    if (node.resolved !== true || Object.hasOwn(object, key) || !walk.isWritten([...path, key])) continue;
    visitKey(walk, node, undefined, object, [...path, key], `${name}.${key}`);
  }
}

function visitKey(walk: Walk, node: RuleNode, value: unknown, near: object, path: Path, field: string): void {
  const rule = node[walk.target] as Rule | undefined;
  if (rule !== undefined) {
    const judgement = judgementOf(rule, value, near, walk.situation);
    walk.found.push({ path, field, judgement });
    // What goes as a whole takes along what is in it.
    if (judgement.verdict === 'ignored' || judgement.verdict === 'refused') return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (node.fields !== undefined) visitKeys(walk, node.fields, value, path, field);
  if (node.each === undefined) return;
  const members = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [place, member] of members)
    if (typeof member === 'object' && member !== null) visitKeys(walk, node.each, member, [...path, place], field);
}

function judgementOf(rule: Rule, value: unknown, near: object, situation: Situation): Judgement {
  if (!('cases' in rule)) return rule;
  return rule.cases.find((each) => each.holds(value, near, situation))?.judgement ?? rule.otherwise;
}

function pinsService(judgement: Judgement): boolean {
  return judgement.verdict === 'emulated' && judgement.pins === true;
}

/** Go's zero values come with every canonical document. An empty list is a word of its own: `entrypoint: []`. */
function isUsed(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Array.isArray(value) || Object.keys(value).length > 0;
}

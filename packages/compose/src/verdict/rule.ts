import type { Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import type { HostFacts } from './host-facts.ts';
import type { Judgement, Target } from './verdict.ts';

/** What a rule may look at besides the value. */
export interface Situation {
  readonly facts: HostFacts;
  readonly project: Project;
  /** The service that the field belongs to. */
  readonly service: Service | undefined;
  /** On a Swarm: the service runs as a container pinned to one host. */
  readonly pinned: boolean;
}

/** One condition under which the verdict is another one. The first that holds counts. */
export interface Case<Value = unknown, Near = unknown> {
  /** The condition in words, for the reference page: `with mode: host`. */
  readonly when: string;
  /** `near` is the object that the key stands in. */
  holds(value: Value, near: Near, situation: Situation): boolean;
  readonly judgement: Judgement;
}

/** A verdict, or verdicts by case and what counts otherwise. Data, so that the reference page is made from it. */
export type Rule<Value = unknown, Near = unknown> =
  | Judgement
  | { readonly cases: readonly Case<Value, Near>[]; readonly otherwise: Judgement };

export interface TargetRules<Value, Near> extends Readonly<Record<Target, Rule<Value, Near>>> {
  /** The loader puts it into other keys: the model does not have it any more. */
  readonly resolved?: true;
}

/** The keys of a model type, its `x-` index aside. */
export type KnownKeys<Model> = keyof {
  [Key in keyof Model as `x-${string}` extends Key ? never : Key]: 1;
};

type StructOf<Value> = Value extends readonly unknown[] ? never : Value extends object ? Value : never;

/** What lies in a list or in a mapping of names, where those are objects. */
type Member<Value> = Value extends readonly (infer Item)[]
  ? StructOf<NonNullable<Item>>
  : Value extends object
    ? string extends keyof Value
      ? StructOf<NonNullable<Value[keyof Value]>>
      : never
    : never;

/** The value itself, where it is an object with keys of its own. */
type Inner<Value> = Value extends readonly unknown[]
  ? never
  : Value extends object
    ? string extends keyof Value
      ? never
      : Value
    : never;

/**
 * The rules of one key: its own (they hold for everything in it), or those of the keys in it, or both: then the inner ones say more
 * where the outer one is not ignored or refused.
 */
export type KeyRule<Value, Near> =
  | TargetRules<Value, Near>
  | ([Member<Value>] extends [never]
      ? never
      : Partial<TargetRules<Value, Near>> & { readonly each: Rules<Member<Value>> })
  | ([Inner<Value>] extends [never]
      ? never
      : Partial<TargetRules<Value, Near>> & { readonly fields: Rules<Inner<Value>> });

/** One rule for every key of a model type: a new key does not compile without. */
export type Rules<Model> = {
  readonly [Key in KnownKeys<Model>]-?: KeyRule<NonNullable<Model[Key]>, Model>;
};

/** Any part of the table, for those who walk over it. */
export type RuleNode = Partial<TargetRules<never, never>> & {
  readonly each?: RuleTree;
  readonly fields?: RuleTree;
};
export type RuleTree = Readonly<Record<string, RuleNode>>;

/** The same rule for both targets. */
export function both<Value, Near>(rule: Rule<Value, Near>): Readonly<Record<Target, Rule<Value, Near>>> {
  return { engine: rule, swarm: rule };
}

/** Cases, the first that holds counts; then the last argument. */
export function depends<Value, Near>(
  cases: readonly Case<Value, Near>[],
  otherwise: Judgement,
): { readonly cases: readonly Case<Value, Near>[]; readonly otherwise: Judgement } {
  return { cases, otherwise };
}

/** A case that holds by the value, the object around it and the situation. */
export function when<Value = unknown, Near = unknown>(
  words: string,
  holds: (value: Value, near: Near, situation: Situation) => boolean,
  judgement: Judgement,
): Case<Value, Near> {
  return { when: words, holds, judgement };
}

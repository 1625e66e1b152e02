interface TaskLook {
  readonly Spec: object;
  readonly JobIteration?: { readonly Index?: number | null | undefined } | null;
}

interface ServiceLook {
  readonly Spec: { readonly TaskTemplate?: object | null | undefined };
  readonly JobStatus?: {
    readonly JobIteration?: { readonly Index?: number | null | undefined } | null | undefined;
  } | null;
}

/** What differs between a task and the template that it was made from, or changes without making tasks anew. */
const ignored = new Set(['Runtime', 'Placement']);

/**
 * Whether a task was made from what its service is asked to be now, and not from a version before. Swarm judges so too, but
 * tells only through a filter (`_up-to-date`) that the Engine API does not describe.
 */
export function isCurrentTask(task: TaskLook, service: ServiceLook): boolean {
  if ((task.JobIteration?.Index ?? 0) !== (service.JobStatus?.JobIteration?.Index ?? 0)) return false;
  return isSameTree(without(task.Spec), without(service.Spec.TaskTemplate ?? {}));
}

function without(template: object): object {
  return Object.fromEntries(Object.entries(template).filter(([key]) => !ignored.has(key)));
}

/** Whether two trees of plain data are equal; an absent key and `null` are one. */
export function isSameTree(one: unknown, other: unknown): boolean {
  if (one === other || (one == null && other == null)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSameTree(entryOf(one, key), entryOf(other, key)));
}

/**
 * Whether everything that the first tree says stands in the second, which may say more: defaults that were filled in. What is
 * empty says nothing.
 */
export function isContainedTree(wanted: unknown, standing: unknown): boolean {
  if (isEmpty(wanted)) return true;
  if (typeof wanted !== 'object' || wanted === null) return wanted === standing;
  if (typeof standing !== 'object' || standing === null) return false;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(standing) || standing.length !== wanted.length) return false;
    return wanted.every((item, index) => isContainedTree(item, standing[index]));
  }
  return Object.keys(wanted).every((key) => isContainedTree(entryOf(wanted, key), entryOf(standing, key)));
}

function isEmpty(value: unknown): boolean {
  if (value == null || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function entryOf(tree: object, key: string): unknown {
  return Object.hasOwn(tree, key) ? (tree as Readonly<Record<string, unknown>>)[key] : undefined;
}

import type { FakeNode, FakeService, FakeTask } from './objects.ts';

/** What the templates of a container spec can name. */
export type TemplateValues = { readonly [field: string]: string };

/** The values of a task on its node. */
export function templateValues(service: FakeService, task: FakeTask, node: FakeNode): TemplateValues {
  return {
    '.Service.ID': service.id,
    '.Service.Name': service.spec.Name,
    '.Node.ID': node.id,
    '.Node.Hostname': node.member.hostname,
    '.Node.Platform.OS': 'linux',
    '.Node.Platform.Architecture': 'x86_64',
    '.Task.ID': task.id,
    '.Task.Name': taskName(service, task),
    '.Task.Slot': task.slot === 0 ? (task.nodeId ?? '') : String(task.slot),
  };
}

/** The name that a task's container gets. */
export function taskName(service: FakeService, task: FakeTask): string {
  return `${service.spec.Name}.${task.slot === 0 && task.jobIteration === null ? task.nodeId : task.slot}.${task.id}`;
}

/** Names that any task has, for checking a template before there is one. */
export const knownFields: TemplateValues = Object.fromEntries(
  [
    '.Service.ID',
    '.Service.Name',
    '.Service.Labels',
    '.Node.ID',
    '.Node.Hostname',
    '.Node.Platform.OS',
    '.Node.Platform.Architecture',
    '.Task.ID',
    '.Task.Name',
    '.Task.Slot',
  ].map((field) => [field, '']),
);

/** Fills in the fields of a Go template; throws in Go's words for what it cannot. */
export function expandTemplate(text: string, values: TemplateValues): string {
  const expanded = text.replace(/\{\{([^}]*)\}\}|\{\{.*$/g, (whole, inside: string | undefined) => {
    if (inside === undefined) throw new Error('template: expansion:1: unclosed action');
    const field = inside.trim();
    const quoted = /^"(.*)"$|^`(.*)`$/.exec(field);
    if (quoted !== null) return quoted[1] ?? quoted[2] ?? '';
    const value = values[field];
    if (value === undefined) {
      const at = text.indexOf(whole) + 2 - (text.indexOf('=') < 0 ? 0 : text.indexOf('=') + 1);
      throw new Error(
        `template: expansion:1:${at}: executing "expansion" at <${field}>: can't evaluate field ${field.split('.').at(-1)} in type *template.Context`,
      );
    }
    return value;
  });
  return expanded;
}

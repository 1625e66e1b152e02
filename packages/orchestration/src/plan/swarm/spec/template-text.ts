/** What Swarm fills in by itself in the settings of a task: its service, its node and its own number. */
const placeholder =
  /\{\{\s*(?:\.Service\.(?:ID|Name)|\.Node\.(?:ID|Hostname|Platform\.(?:OS|Architecture))|\.Task\.(?:ID|Name|Slot)|index \.Service\.Labels "[^"{}]*")\s*\}\}/g;

const opening = /\{\{/g;

/**
 * A text that Swarm reads as a Go template, so that the task sees it as it is written. A placeholder of Swarm itself, such as
 * `{{.Task.Slot}}`, stays one, as in a stack of `docker stack deploy`; anything else in double braces would fail the task, or be run.
 */
export function templateText(text: string): string {
  let done = '';
  let from = 0;
  for (const { index, 0: found } of text.matchAll(placeholder)) {
    done += escaped(text.slice(from, index)) + found;
    from = index + found.length;
  }
  return done + escaped(text.slice(from));
}

function escaped(text: string): string {
  return text.replace(opening, '{{"{{"}}');
}

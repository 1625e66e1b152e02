import type { ChangeEvent } from '@drover/contract';

/** The start of a query's key: path of the route, then part of its input. */
export type StaleQuery = readonly [
  path: readonly string[],
  options?: { readonly input: Readonly<Record<string, string>> },
];

/** What has to be read again after an event; `everything` after a gap. Pure, so that it can be tested as a table. */
export function staleAfter(event: ChangeEvent): readonly StaleQuery[] | 'everything' {
  switch (event.type) {
    case 'resync':
      return 'everything';
    case 'engine':
      return event.state === 'connected' ? 'everything' : [[['system', 'info']]];
    case 'environments':
      return [[['environments']]];
    case 'swarm':
      return [[['cluster']], [['system', 'info']]];
    case 'host':
      return [[['hosts']]];
    case 'stack':
      return ofStack(event.stack);
    case 'deployment':
      return [...ofStack(event.stack), [['deployments', 'get'], { input: { id: event.deployment } }]];
    case 'container':
      return isNoise(event.action)
        ? []
        : [
            ...(event.stack === undefined ? [] : ofContainers(event.stack)),
            [['containers', 'list']],
            [['containers', 'page']],
            [['containers', 'inspect'], { input: { id: event.name } }],
            [['containers', 'inspect'], { input: { id: event.container } }],
          ];
    case 'resource':
      return [[[`${event.kind}s`]], [['disk']]];
  }
}

function ofContainers(stack: string): StaleQuery[] {
  return [[['stacks', 'list']], [['stacks', 'get'], { input: { name: stack } }]];
}

function ofStack(stack: string): StaleQuery[] {
  return [
    ...ofContainers(stack),
    [['stacks', 'revisions'], { input: { name: stack } }],
    [['deployments', 'list'], { input: { name: stack } }],
    [['variables', 'list'], { input: { name: stack } }],
  ];
}

/** Actions that change nothing anybody is shown: a health check is three of them every few seconds. */
function isNoise(action: string): boolean {
  return /^(exec_|attach|detach|resize|top|archive-path|extract-to-dir|export|commit|copy)/.test(action);
}

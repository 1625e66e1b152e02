import type { Service } from '@drover/compose';
import type { ContainerRef, OperationId } from '../../model/operation.ts';
import type { OperationBuilder } from '../operation-builder.ts';

export interface PreStartRequest {
  readonly serviceName: string;
  readonly service: Service;
  /** The first container of the service, whose volumes the hooks get. */
  readonly container: ContainerRef;
  readonly cause: string;
  readonly after: Iterable<OperationId | undefined>;
}

/** The `pre_start` hooks of a service, one after the other. */
export interface PreStart {
  readonly first: OperationId;
  /** Starts of the service wait for it. */
  readonly last: OperationId;
}

/** Runs the hooks of a service of which nothing runs; undefined when it has none. */
export function emitPreStart(builder: OperationBuilder, request: PreStartRequest): PreStart | undefined {
  const { serviceName, service, container, cause } = request;
  const ids: OperationId[] = [];
  for (const [index, hook] of (service.pre_start ?? []).entries()) {
    const number = index + 1;
    const image = hook.image === undefined || hook.image === '' ? {} : { image: hook.image };
    const notes = {
      target: serviceName,
      service: serviceName,
      variant: String(number),
      causes: [cause],
      impact: 'none',
      after: ids.length === 0 ? request.after : ids.slice(-1),
    } as const;
    ids.push(builder.add('pre-start-run', { container, hook, number, ...image }, notes));
  }
  const [first] = ids;
  const last = ids.at(-1);
  return first === undefined || last === undefined ? undefined : { first, last };
}

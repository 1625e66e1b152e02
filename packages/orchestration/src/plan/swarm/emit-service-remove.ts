import type { OperationId } from '../../model/operation.ts';
import type { OperationBuilder } from '../operation-builder.ts';

export interface RemovalNotes {
  readonly service?: string;
  readonly causes: readonly string[];
  readonly after?: Iterable<OperationId | undefined>;
}

export function emitServiceRemove(
  builder: OperationBuilder,
  serviceId: string,
  name: string,
  notes: RemovalNotes,
  variant?: string,
): OperationId {
  const told = variant === undefined ? {} : { variant };
  return builder.add('service-remove', { serviceId, name }, { ...notes, ...told, target: name, impact: 'removed' });
}

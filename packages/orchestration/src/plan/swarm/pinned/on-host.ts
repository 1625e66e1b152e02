import type { ContainerRef, Operation, OperationId } from '../../../model/operation.ts';

/** The operations of one host's own plan, told apart from those of other hosts. */
export function onHost(operations: readonly Operation[], host: string): readonly Operation[] {
  return operations.map((operation) => relabelled(operation, host));
}

export function hostId(id: OperationId, host: string): OperationId {
  return `${id} on ${host}`;
}

function relabelled(operation: Operation, host: string): Operation {
  const ref = (container: ContainerRef): ContainerRef =>
    'createdBy' in container ? { ...container, createdBy: hostId(container.createdBy, host) } : container;
  const common = {
    ...operation,
    host,
    id: hostId(operation.id, host),
    dependsOn: operation.dependsOn.map((id) => hostId(id, host)),
  };
  // The three places where an operation names a container that another one makes.
  if ('container' in common) return { ...common, container: ref(common.container) };
  if (common.kind === 'check') {
    const containers = common.containers.map((each) => ({ ...each, container: ref(each.container) }));
    return { ...common, containers };
  }
  if ('containers' in common) return { ...common, containers: common.containers.map(ref) };
  if (common.kind === 'container-create' && common.late !== undefined) {
    const tokens = common.late.tokens.map((each) => ({ ...each, container: ref(each.container) }));
    return { ...common, late: { ...common.late, tokens } };
  }
  return common;
}

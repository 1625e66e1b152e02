import type { HealthStatus } from '../model/container.ts';
import type { FakeContainer } from './container.ts';
import { containerEvent, environmentOf, later } from './container-facts.ts';
import { readProgram } from './program.ts';
import type { FakeWorld } from './world.ts';

const defaultIntervalNanoseconds = 30e9;
const defaultRetries = 3;

/** Sets a started container's health going: scripted by its behaviour, else by running the simple tests that it can. */
export function startHealthChecks(world: FakeWorld, container: FakeContainer): void {
  const check = container.config.Healthcheck;
  const test = check?.Test ?? [];
  if (container.status !== 'running') return;
  if (test.length === 0 || test[0] === 'NONE') {
    container.health = null;
    return;
  }
  container.health = { Status: 'starting', FailingStreak: 0, Log: [] };
  const interval = (check?.Interval || defaultIntervalNanoseconds) / 1e6;
  const retries = check?.Retries || defaultRetries;
  const startPeriod = (check?.StartPeriod ?? 0) / 1e6;
  const { healthyAfter, unhealthyAfter } = container.behaviour;
  if (healthyAfter === 'never') {
    later(container, startPeriod + interval * retries, () => setHealth(world, container, 'unhealthy'));
    return;
  }
  if (unhealthyAfter !== undefined) later(container, unhealthyAfter, () => setHealth(world, container, 'unhealthy'));
  const exitCode = healthyAfter === undefined ? testExitCode(container, test) : 0;
  if (exitCode === null || healthyAfter !== undefined) {
    later(container, healthyAfter ?? 0, () => setHealth(world, container, 'healthy'));
  } else if (exitCode === 0) {
    later(container, interval, () => setHealth(world, container, 'healthy'));
  } else {
    later(container, startPeriod + interval * retries, () => setHealth(world, container, 'unhealthy'));
  }
}

/** Changes a running container's health and says so. */
export function setHealth(world: FakeWorld, container: FakeContainer, status: HealthStatus): void {
  if (container.status !== 'running' || container.health === null || container.health.Status === status) return;
  const failed = status === 'unhealthy';
  container.health = {
    Status: status,
    FailingStreak: failed ? (container.config.Healthcheck?.Retries ?? defaultRetries) : 0,
    Log: [{ Start: new Date().toISOString(), End: new Date().toISOString(), ExitCode: failed ? 1 : 0, Output: '' }],
  };
  containerEvent(world, container, `health_status: ${status}`);
}

function testExitCode(container: FakeContainer, test: readonly string[]): number | null {
  const command = test[0] === 'CMD-SHELL' ? ['sh', '-c', test[1] ?? ''] : test.slice(1);
  const last = readProgram(command, environmentOf(container))?.find((step) => step.type === 'exit');
  return last?.type === 'exit' ? last.code : null;
}

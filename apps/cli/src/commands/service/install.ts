import { join } from 'node:path';
import { arch } from 'node:process';
import { dataFolder } from '../../client/endpoint.ts';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { serviceAnswers } from './answering.ts';
import type { ServiceDefinition } from './definition.ts';
import { ServiceError, thisMachine } from './machine.ts';
import { installService, planInstall, serviceStatus } from './service.ts';
import type { serviceInstallSpec } from './specs.ts';

const patienceMs = 10_000;
const lookMs = 200;

export async function run(context: Context, { flags }: Invocation<typeof serviceInstallSpec.flags>): Promise<number> {
  const definition = definitionOf(context);
  const plan = planInstall(thisMachine, definition);
  const { json } = context.global;
  if (flags.dryRun) {
    if (json) context.printJson(plan);
    else {
      context.print(`# ${plan.file}\n${plan.text}`);
      for (const command of plan.commands) context.print(`# ${command.join(' ')}`);
    }
    return 0;
  }
  if (!context.isRoot)
    throw new ServiceError(
      `making Drover a service: only root may: sudo ${join(context.installFolder, 'bin', 'drover')} service install`,
    );
  await installService(thisMachine, plan);
  const status = await untilAnswering(definition);
  if (json) context.printJson({ file: plan.file, ...status });
  if (!status.running)
    throw new ServiceError(
      `starting Drover as a service: it does not answer; ${status.init === 'systemd' ? 'journalctl -u drover' : '/var/log/drover.log'} says why (does something else listen at its address, or another Drover use its data folder?)`,
    );
  if (!json) {
    context.print(`Drover is a service now (${plan.file}): it runs, and starts at boot.`);
    context.say('drover link prints a link to sign in with.');
  }
  return 0;
}

/** A service that fails at once is running for a moment, over and over: it counts once its own server answers. */
async function untilAnswering(definition: ServiceDefinition) {
  const until = Date.now() + patienceMs;
  let answers = await serviceAnswers(definition);
  while (!answers && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    answers = await serviceAnswers(definition);
  }
  const status = await serviceStatus(thisMachine);
  return { ...status, running: status.running && answers };
}

const keptSettings = [
  'DROVER_LISTEN',
  'DROVER_URL',
  'DROVER_INSECURE',
  'DROVER_AGENT_LISTEN',
  'DROVER_AGENT_URL',
  'DOCKER_HOST',
];

/** The server as it would be started from this installation with the settings of this call. */
export function definitionOf(context: Context): ServiceDefinition {
  const { environment, installFolder } = context;
  const kept = keptSettings.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  return {
    program: join(installFolder, 'node_modules', `node-linux-${arch}`, 'bin', 'node'),
    script: join(installFolder, 'bootstrap', 'serve.mjs'),
    folder: installFolder,
    // A service runs as root, whoever asked for its definition.
    environment: [['DROVER_DATA', dataFolder(environment, context.home, true)], ...kept],
  };
}

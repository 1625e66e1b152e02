import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { renderPairs } from '../../terminal/table.ts';
import { formatBytes } from '../../terminal/units.ts';
import { version } from '../../version.ts';
import type { infoSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof infoSpec.flags>): Promise<number> {
  const { client, link } = await context.connect();
  const info = await client.system.info();
  const { engine } = info;
  const exitCode = engine.state === 'connected' ? exitCodes.ok : exitCodes.failure;
  if (context.global.json) {
    context.printJson({ ...info, cliVersion: version, url: link.endpoint.url.href });
    return exitCode;
  }
  const size = [
    engine.cpus === undefined ? '' : `${engine.cpus} CPUs`,
    engine.memoryBytes === undefined ? '' : formatBytes(engine.memoryBytes),
  ];
  const pairs: [string, string | undefined][] = [
    ['Server', `${link.endpoint.url.origin}, version ${info.version}`],
    ['Command line', `version ${version}`],
    ['Data folder', info.dataDir],
    ['Environment', link.environment],
    [
      'Engine',
      engine.state === 'connected'
        ? `Docker ${engine.version ?? ''} (API ${engine.apiVersion ?? '?'})`
        : `does not answer: ${engine.reason ?? 'no reason given'}`,
    ],
    ['Endpoint', `${engine.endpoint}${engine.sharesFiles ? '' : ', which does not share its files with the server'}`],
    ['Host', [engine.name, engine.operatingSystem, ...size].filter(Boolean).join(', ') || undefined],
  ];
  const shown = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
  for (const line of renderPairs(shown, (name) => context.paint('dim', name))) context.print(line);
  return exitCode;
}

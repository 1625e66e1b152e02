import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Tunnel } from '@drover/tunnel';
import type { TestListener } from '../../../apps/agent/test/test-listener.ts';
import { runProgram } from '../../scenarios/stage/program.ts';
import { agentScript, pinnedNode, repository } from '../../scenarios/stage/repository.ts';

/** An agent as it runs on a host: a process of its own, joined, with TLS and its certificate. */
export interface AgentProcess {
  readonly tunnel: Tunnel;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startAgent(
  listener: TestListener,
  options: { readonly dataDir: string; readonly dockerHost: string; readonly port?: number },
): Promise<AgentProcess> {
  const flags = ['--disable-warning=ExperimentalWarning', await agentScript()];
  const env = { ...process.env, DROVER_AGENT_DATA: options.dataDir, DOCKER_HOST: options.dockerHost };
  const server = `https://127.0.0.1:${options.port ?? listener.port}`;
  const join = [...flags, 'join', '--server', server, '--authority', listener.authority.fingerprint];
  const joined = await runProgram(pinnedNode, join, { cwd: repository, env: { ...env, DROVER_JOIN: 'a-token' } });
  if (joined.exitCode !== 0) throw new Error(`joining: ${joined.output}`);
  const coming = listener.tunnel(listener.tunnels.length);
  const child = spawn(pinnedNode, [...flags, 'run'], { cwd: repository, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const tunnel = await Promise.race([coming, endOf(child)]);
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { tunnel, pid: child.pid!, stop };
}

async function endOf(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the agent ended with ${code} before it was connected`);
}

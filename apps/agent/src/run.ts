import { messageOf } from '@drover/base';
import { createEngine, type Dialer } from '@drover/engine';
import { keepTunnel, type NewCertificate, type TunnelState, tunnelAlpn } from '@drover/tunnel';
import { AgentError } from './agent-error.ts';
import { createAnswer } from './answer.ts';
import type { DataFolder } from './data-folder.ts';
import { dialServer } from './dial-server.ts';
import { keepIdentity, openKey, readIdentity } from './identity.ts';
import { LoadMeter } from './load-meter.ts';
import { bootId, Machine } from './machine.ts';
import { Software } from './software.ts';
import { StateFile } from './state-file.ts';

/** Milliseconds in which a build on trial has to connect. */
const trialMs = 60_000;

export interface RunOptions {
  readonly docker: Dialer;
  readonly version: string;
  /** The path of the program that runs. */
  readonly program: string;
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds, for tests. */
  readonly trialMs?: number;
}

/** What is to follow once the tunnel has ended. */
export type RunEnd =
  | { readonly type: 'stopped' }
  /** The program at that path takes over. */
  | { readonly type: 'hand-over'; readonly path: string }
  /** This build never connected; the one before it takes over. */
  | { readonly type: 'go-back' };

/** Keeps the tunnel until the signal fires or another build takes over. A stopped engine or a server that is away ends nothing. */
export async function run(folder: DataFolder, options: RunOptions): Promise<RunEnd> {
  const { log, docker, version } = options;
  let identity = await readIdentity(folder);
  if (identity === undefined)
    throw new AgentError('failure', 'starting the agent: this machine is no host yet; run drover-agent join first');
  const key = await openKey(folder);
  const software = new Software(folder.software);
  const onTrial = await software.isOnTrial(options.program);
  const over = new AbortController();
  let end: RunEnd = { type: 'stopped' };
  const finish = (how: RunEnd) => {
    end = how;
    over.abort();
  };
  const trial = onTrial ? setTimeout(() => finish({ type: 'go-back' }), options.trialMs ?? trialMs) : undefined;
  const engine = createEngine({ dialer: docker });
  const machine = new Machine(engine);
  const states = new StateFile(folder.state);
  const keepCertificate = async (given: NewCertificate) => {
    const next = { ...identity!, ...given };
    await keepIdentity(folder, key, next);
    identity = next;
    log('the certificate was renewed');
  };
  const onState = (state: TunnelState) => {
    states.note(state);
    log(inWords(state));
    if (state.type !== 'connected') return;
    clearTimeout(trial);
    if (onTrial) software.confirm().catch((error) => log(`keeping the new build failed: ${messageOf(error)}`));
  };
  // So that the first hello names the engine; one that does not answer is told of in the facts.
  await machine.facts(options.signal).catch(() => {});
  await keepTunnel({
    docker,
    answer: createAnswer({
      engine,
      machine,
      meter: new LoadMeter(),
      software,
      version,
      bootId: await bootId(),
      key,
      keepCertificate,
      handOver: (path) => finish({ type: 'hand-over', path }),
    }),
    dial: (signal) => {
      const { server, authority, certificate } = identity!;
      return dialServer({ server, alpn: tunnelAlpn, authority, client: { certificate, key }, signal });
    },
    onState,
    signal: AbortSignal.any([options.signal, over.signal]),
  });
  clearTimeout(trial);
  engine.close();
  await states.settled();
  return end;
}

function inWords(state: TunnelState): string {
  switch (state.type) {
    case 'connecting':
      return 'connecting to the server';
    case 'connected':
      return 'connected to the server';
    case 'waiting':
      return `not connected: ${state.because.message}; trying again in ${(state.retryInMs / 1000).toFixed(1)} s`;
  }
}

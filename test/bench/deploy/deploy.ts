import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createLab, type Lab, type LabHost } from '@drover/lab';
import { EngineState } from '../../scenarios/stage/engine-state.ts';
import { prepareCli, serverScript } from '../../scenarios/stage/repository.ts';
import type { BenchOptions } from '../options.ts';
import { ratioOf, report, say, seconds } from '../report.ts';
import { chainApplication, flatApplication } from './applications.ts';
import { type Contender, DockerCompose, Drover } from './contender.ts';
import { measureIdle } from './idle.ts';
import { prepareImages } from './images.ts';
import { EngineRecorder } from './recording.ts';
import { type AtOnce, inChain, planReplay, type ReplayStage, type ReplayStep, replay } from './replay.ts';

/** The engine that both deploy on. */
const engine = '28';
/** What Drover does at once (decision 0511); the replay may do as much. */
const atOnce: AtOnce = { calls: 16, laborious: cpus().length + 2 };

interface Site {
  readonly lab: Lab;
  readonly host: LabHost;
  readonly state: EngineState;
  readonly drover: Drover;
  readonly compose: DockerCompose;
}

type Times = Map<string, number[]>;

/** The cases of the large application, and those of them that are also held to a replay of their own calls. */
const large = ['up-50', 'noop-50', 'change-1', 'down-50'];
const floors = ['up-50', 'change-1', 'down-50'] as const;

/**
 * Drover and the real docker compose on one engine with the same images and files, in turn and in alternating order, as
 * whole commands. Drover's server does something in Drover's turns only.
 */
export async function benchDeploy(options: BenchOptions): Promise<void> {
  say('Starting the lab…');
  await Promise.all([serverScript(), prepareCli()]);
  await using lab = await createLab({ hosts: [{ engine }], images: ['busybox'] });
  const host = lab.hosts[0]!;
  const site: Site = {
    lab,
    host,
    state: new EngineState(host.socketPath),
    drover: new Drover(join(lab.sharedDir, 'drover'), host.dockerHost),
    compose: new DockerCompose(host, lab.oracle),
  };
  const images = await prepareImages(site.state.http, host);
  const wanted = (name: string) => options.only.length === 0 || options.only.includes(name);
  try {
    if (wanted('up-10')) await benchSmall(site, images, options.pairs);
    if ([...large, ...floors.map((name) => `${name}-floor`)].some(wanted))
      await benchLarge(site, images, options.pairs, wanted);
    if (['chain-10', 'chain-10-floor'].some(wanted)) await benchChain(site, images, options.pairs, wanted);
    if (['idle-rss-mb', 'idle-cpu-pct'].some(wanted)) await benchIdle(site, images, wanted);
  } finally {
    await site.drover.end();
    site.state.http.close();
  }
}

async function benchSmall(site: Site, [image]: readonly string[], pairs: number): Promise<void> {
  const folder = await application(site, 'small', flatApplication(1, Array(10).fill(image)));
  const times: Times = new Map();
  await takeTurns(site, pairs, async (contender) => {
    note(times, contender, 'up-10', await contender.up(folder));
    await contender.down(folder);
  });
  reportRatio(times, 'up-10');
}

async function benchLarge(
  site: Site,
  [image, changed]: readonly string[],
  pairs: number,
  wanted: (name: string) => boolean,
): Promise<void> {
  const before = flatApplication(5, Array(10).fill(image));
  const after = flatApplication(5, [changed!, ...Array(9).fill(image)]);
  const folder = await application(site, 'large', before);
  const changing = async (up: () => Promise<void>): Promise<void> => {
    await writeFile(join(folder, 'compose.yaml'), after);
    await up();
    await writeFile(join(folder, 'compose.yaml'), before);
  };
  const isFloorWanted = floors.some((name) => wanted(`${name}-floor`));
  const recorded = isFloorWanted ? await record(site, folder, changing) : undefined;
  const times: Times = new Map();
  await takeTurns(site, pairs, async (contender) => {
    note(times, contender, 'up-50', await contender.up(folder));
    if (wanted('noop-50')) note(times, contender, 'noop-50', await contender.up(folder));
    if (wanted('change-1') || isFloorWanted)
      await changing(async () => note(times, contender, 'change-1', await contender.up(folder)));
    note(times, contender, 'down-50', await contender.down(folder));
    if (recorded !== undefined && contender === site.drover) {
      await contender.rest();
      const stage = replayStage(site);
      for (const name of floors) noteReplay(times, name, await replay(stage, recorded[name]));
    }
  });
  for (const name of large) if (wanted(name)) reportRatio(times, name);
  for (const name of floors) if (wanted(`${name}-floor`)) reportFloor(times, name);
}

async function benchChain(
  site: Site,
  [image]: readonly string[],
  pairs: number,
  wanted: (name: string) => boolean,
): Promise<void> {
  const folder = await application(site, 'chain', chainApplication(10, image!));
  const recorded = wanted('chain-10-floor')
    ? await recording(site, async (drover, recordOne) => {
        const up = inChain(await recordOne(() => drover.up(folder)));
        return { up, down: await recordOne(() => drover.down(folder)) };
      })
    : undefined;
  const times: Times = new Map();
  await takeTurns(site, pairs, async (contender) => {
    note(times, contender, 'chain-10', await contender.up(folder));
    await contender.down(folder);
    if (recorded !== undefined && contender === site.drover) {
      await contender.rest();
      const stage = replayStage(site);
      noteReplay(times, 'chain-10', await replay(stage, recorded.up));
      await replay(stage, recorded.down);
    }
  });
  if (wanted('chain-10')) reportRatio(times, 'chain-10');
  if (wanted('chain-10-floor')) reportFloor(times, 'chain-10');
}

async function benchIdle(site: Site, [image]: readonly string[], wanted: (name: string) => boolean): Promise<void> {
  const folder = await application(site, 'idle', flatApplication(5, Array(10).fill(image)));
  await site.drover.end();
  await site.drover.begin();
  await site.drover.up(folder);
  say('Watching the idle control plane for 70 s…');
  const idle = await measureIdle(site.drover.server.pid);
  if (wanted('idle-rss-mb'))
    report({ bench: 'deploy', case: 'idle-rss-mb', unit: 'MB', better: 'lower', ...idle.residentMb });
  if (wanted('idle-cpu-pct'))
    report({ bench: 'deploy', case: 'idle-cpu-pct', unit: '%', better: 'lower', ...idle.processorPercent });
  await site.drover.down(folder);
  await site.drover.end();
}

/** One round that is not measured, then `pairs` rounds in which each has its turn; who goes first alternates. */
async function takeTurns(site: Site, pairs: number, turn: (contender: Contender) => Promise<void>): Promise<void> {
  for (let round = 0; round <= pairs; round += 1) {
    say(round === 0 ? 'warm-up' : `pair ${round} of ${pairs}`);
    warm = round === 0;
    const order = round % 2 === 0 ? [site.drover, site.compose] : [site.compose, site.drover];
    for (const contender of order) {
      await contender.begin();
      await turn(contender);
      await contender.rest();
      await demandEmpty(site.state);
    }
  }
}

let warm = false;

function note(times: Times, contender: Contender, name: string, ms: number): void {
  say(`  ${contender.name} ${name}: ${seconds(ms)}`);
  add(times, `${contender.name} ${name}`, ms);
}

function noteReplay(times: Times, name: string, ms: number): void {
  say(`  replay ${name}: ${seconds(ms)}`);
  add(times, `replay ${name}`, ms);
}

function add(times: Times, key: string, ms: number): void {
  if (!warm) times.set(key, [...(times.get(key) ?? []), ms]);
  else if (!times.has(key)) times.set(key, []);
}

function reportRatio(times: Times, name: string): void {
  reportCase(name, times.get(`drover ${name}`)!, times.get(`docker compose ${name}`)!);
}

function reportFloor(times: Times, name: string): void {
  reportCase(`${name}-floor`, times.get(`drover ${name}`)!, times.get(`replay ${name}`)!);
}

function reportCase(name: string, ours: readonly number[], theirs: readonly number[]): void {
  report({ bench: 'deploy', case: name, unit: 'ratio', better: 'lower', ...ratioOf(ours, theirs) });
}

/** Where what was recorded is played on an engine that holds nothing of it yet. */
function replayStage({ host }: Site): ReplayStage {
  return { socketPath: host.socketPath, atOnce, ids: new Map() };
}

type Recording = Readonly<Record<(typeof floors)[number], readonly ReplayStep[]>>;

/** The calls of an `up`, of a change and of a `down`. */
async function record(
  site: Site,
  folder: string,
  changing: (up: () => Promise<void>) => Promise<void>,
): Promise<Recording> {
  return await recording(site, async (drover, recordOne) => {
    const up = await recordOne(() => drover.up(folder));
    const change = await recordOne(() => changing(async () => void (await drover.up(folder))));
    const down = await recordOne(() => drover.down(folder));
    say(`recorded ${up.length} engine calls of one up, ${change.length} of a change, ${down.length} of a down`);
    return { 'up-50': up, 'change-1': change, 'down-50': down };
  });
}

type RecordOne = (run: () => Promise<unknown>) => Promise<readonly ReplayStep[]>;

/** Has the calls taken down that a server makes which is used for nothing else. */
async function recording<T>(site: Site, work: (drover: Drover, recordOne: RecordOne) => Promise<T>): Promise<T> {
  const path = join(site.lab.sharedDir, 'record.sock');
  const recorder = new EngineRecorder(path, site.host.socketPath);
  const drover = new Drover(join(site.lab.sharedDir, 'recorded'), `unix://${path}`);
  const names = new Map<string, string>();
  await recorder.open();
  try {
    await drover.begin();
    return await work(drover, async (run) => {
      recorder.take();
      await run();
      return planReplay(recorder.take(), names);
    });
  } finally {
    await drover.end();
    await recorder.close();
  }
}

async function application(site: Site, name: string, text: string): Promise<string> {
  const folder = join(site.lab.sharedDir, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'compose.yaml'), text);
  return folder;
}

/** What one contender leaves behind would be the other's burden. */
async function demandEmpty(state: EngineState): Promise<void> {
  const left = (await state.everything()).filter((each) => each.startsWith('container'));
  if (left.length > 0) throw new Error(`containers were left behind:\n${left.join('\n')}`);
}

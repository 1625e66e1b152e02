import { join } from 'node:path';
import { createLab, type EngineName, type ImageName, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { prepareCli, repository, serverScript } from './repository.ts';
import { Stage } from './stage.ts';

/** The engines that scenarios are played on. */
export const everyEngine = ['20.10', '26', '28'] as const satisfies readonly EngineName[];

export interface ScenarioOptions {
  /** A folder below test/scenarios with the files that it starts from. */
  readonly files?: string;
  /** Some of the lab's engines; all where it is left out. */
  readonly engines?: readonly EngineName[];
  readonly timeoutMs?: number;
  readonly serverEnv?: Readonly<Record<string, string | undefined>>;
  /** Puts the server's data on a disk of its own that is no larger than this. */
  readonly dataSizeMb?: number;
}

export interface ScenarioLab {
  /** Plays steps on every engine, each with a server and files of its own, the engines side by side. */
  scenario(intent: string, options: ScenarioOptions, play: (stage: Stage) => Promise<void>): void;
  /** The lab, once the tests run. */
  readonly lab: Lab;
}

/** A lab for the scenarios of one file, with one host for every engine. */
export function scenarioLab(engines: readonly EngineName[], images?: readonly ImageName[]): ScenarioLab {
  let lab: Lab | undefined;
  const opened = (): Lab => {
    if (lab === undefined) throw new Error('the lab is not up yet');
    return lab;
  };
  beforeAll(async () => {
    [lab] = await Promise.all([
      createLab({ hosts: engines.map((engine) => ({ engine })), ...(images === undefined ? {} : { images }) }),
      serverScript(),
      prepareCli(),
    ]);
  });
  afterAll(async () => {
    await lab?.down();
  });
  return {
    get lab() {
      return opened();
    },
    scenario(intent, options, play) {
      describe(intent, () => {
        for (const engine of options.engines ?? engines) {
          test.concurrent(
            `engine ${engine}`,
            async () => {
              const host = opened().hosts.find((each) => each.engine === engine);
              if (!host) throw new Error(`the lab has no engine ${engine}`);
              const stage = await Stage.open({
                host,
                oracle: opened().oracle,
                sharedDir: opened().sharedDir,
                ...(options.files === undefined ? {} : { files: join(repository, 'test', 'scenarios', options.files) }),
                ...(options.dataSizeMb === undefined ? {} : { dataSizeMb: options.dataSizeMb }),
                ...(options.serverEnv === undefined ? {} : { serverEnv: options.serverEnv }),
              });
              try {
                await play(stage);
              } catch (error) {
                explain(error, stage);
                throw error;
              } finally {
                await stage.close();
              }
            },
            options.timeoutMs ?? 600_000,
          );
        }
      });
    },
  };
}

/** Adds the last of what the server had to say to the error of a failed scenario. */
function explain(error: unknown, stage: Stage): void {
  if (!(error instanceof Error)) return;
  const said = stage.server.output.split('\n').slice(-40).join('\n').trim();
  if (said !== '') error.message += `\n--- the server said:\n${said}`;
}

import { AgentError } from './agent-error.ts';

export interface Settings {
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const defaultDataDir = '/var/lib/drover-agent';

/** Reads the settings from environment variables; `DOCKER_HOST` and its like are read where the engine is dialed. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const dataDir = environment.DROVER_AGENT_DATA || defaultDataDir;
  if (!dataDir.startsWith('/'))
    throw new AgentError('usage', `reading DROVER_AGENT_DATA: "${dataDir}" has to be an absolute path`);
  return { dataDir, environment };
}

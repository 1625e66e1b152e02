import { parseArgs } from 'node:util';
import { messageOf } from '@drover/base';
import { defaultTunnelPort, isFingerprint } from '@drover/tunnel';
import { AgentError } from './agent-error.ts';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export type CommandLine =
  | {
      readonly command: 'join';
      readonly server: ServerAddress;
      readonly authority: string;
      readonly tokenFile: string | undefined;
    }
  | { readonly command: 'run' }
  | { readonly command: 'status' }
  | { readonly command: 'version' }
  | { readonly command: 'help' };

export const usage = `drover-agent makes this machine a host of a Drover server.

  drover-agent join --server https://HOST:${defaultTunnelPort} --authority sha256:… [--token-file FILE]
      becomes a host, or repairs the one that it is; the token comes in DROVER_JOIN or a file
  drover-agent run       keeps the connection to the server
  drover-agent status    says how things stand
  drover-agent version

Settings: DROVER_AGENT_DATA (default /var/lib/drover-agent), DOCKER_HOST.
`;

/** Reads the arguments; throws `usage` with the first thing that is wrong. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [command, ...rest] = argv;
  switch (command) {
    case 'join':
      return parseJoin(rest);
    case 'run':
    case 'status':
    case 'version':
      if (rest.length > 0) throw new AgentError('usage', `reading the command line: ${command} takes no arguments`);
      return { command };
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return { command: 'help' };
    default:
      throw new AgentError('usage', `reading the command line: "${command}" is no command; try drover-agent help`);
  }
}

function parseJoin(args: readonly string[]): CommandLine {
  const values = joinValues(args);
  if (values.server === undefined || values.authority === undefined)
    throw new AgentError('usage', 'reading the command line: join needs --server and --authority');
  if (!isFingerprint(values.authority))
    throw new AgentError('usage', 'reading --authority: it has to be sha256: and 64 hex digits');
  return {
    command: 'join',
    server: parseServer(values.server),
    authority: values.authority,
    tokenFile: values['token-file'],
  };
}

function joinValues(args: readonly string[]) {
  try {
    const options = {
      server: { type: 'string' },
      authority: { type: 'string' },
      'token-file': { type: 'string' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (thrown) {
    throw new AgentError('usage', `reading the command line: ${messageOf(thrown)}`);
  }
}

/** `https://HOST[:PORT]`; the port is that of agents, not that of HTTPS. */
export function parseServer(text: string): ServerAddress {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.pathname !== '/' || url.search !== '')
    throw new AgentError('usage', `reading --server: "${text}" is not https://HOST:PORT`);
  // `URL` drops a port that is HTTPS's own.
  const port = url.port === '' ? (/:443\/?$/.test(text) ? 443 : defaultTunnelPort) : Number(url.port);
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port };
}

import { Fields } from './fields.ts';
import type {
  DiskFacts,
  EngineFacts,
  Hello,
  HostFacts,
  HostLoad,
  JoinAnswer,
  JoinRequest,
  KernelAbilities,
  NewCertificate,
  Refusal,
  RenewalAnswer,
} from './protocol.ts';
import { TunnelError } from './tunnel-error.ts';

/** Bytes that one JSON body may have. */
export const largestMessage = 256 * 1024;

const longestName = 256;
const longestPem = 32 * 1024;
const longestSentence = 2048;
const mostDisks = 64;
const mostCpus = 65_536;

/** Each `read…` takes what `JSON.parse` answered and throws a `TunnelError` (`message`) that names the wrong field. */
export function readJoinRequest(value: unknown): JoinRequest {
  const fields = new Fields('a join request', value);
  return {
    token: fields.word('token', longestName),
    csr: fields.word('csr', longestPem),
    software: fields.word('software', longestName),
    hostname: fields.word('hostname', longestName),
    ...optionalWord(fields, 'engineId'),
    ...optionalWord(fields, 'machineId'),
    ...(fields.has('facts') ? { facts: hostFacts(fields.object('facts')) } : {}),
  };
}

export function readJoinAnswer(value: unknown): JoinAnswer {
  const fields = new Fields('the answer to a join', value);
  return { hostId: fields.word('hostId', longestName), ...certificates(fields) };
}

export function readRefusal(value: unknown): Refusal {
  const fields = new Fields('a refusal', value);
  return { reason: fields.word('reason', longestName), message: fields.word('message', longestSentence) };
}

export function readHello(value: unknown): Hello {
  const fields = new Fields("the agent's hello", value);
  return {
    software: fields.word('software', longestName),
    protocols: fields.range('protocols', 1_000_000),
    hostname: fields.word('hostname', longestName),
    bootId: fields.text('bootId', longestName),
    ...optionalWord(fields, 'engineId'),
  };
}

export function readHostFacts(value: unknown): HostFacts {
  return hostFacts(new Fields('the facts of a host', value));
}

export function readHostLoad(value: unknown): HostLoad {
  const fields = new Fields('the load of a host', value);
  return {
    cpu: fields.number('cpu', 0, 1),
    memoryUsedBytes: fields.whole('memoryUsedBytes'),
    memoryBytes: fields.whole('memoryBytes'),
    disks: fields.objects('disks', mostDisks).map(diskFacts),
  };
}

export function readRenewalAnswer(value: unknown): RenewalAnswer {
  return { csr: new Fields("the agent's certificate request", value).word('csr', longestPem) };
}

export function readNewCertificate(value: unknown): NewCertificate {
  return certificates(new Fields('a new certificate', value));
}

/** The JSON in a body, or `undefined` for an empty one. */
export function parseMessage(what: string, body: Uint8Array): unknown {
  if (body.byteLength === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as unknown;
  } catch (cause) {
    throw new TunnelError('message', `reading ${what}: it is no JSON`, { cause });
  }
}

function hostFacts(fields: Fields): HostFacts {
  return {
    hostname: fields.word('hostname', longestName),
    cpus: fields.whole('cpus', mostCpus),
    memoryBytes: fields.whole('memoryBytes'),
    disks: fields.objects('disks', mostDisks).map(diskFacts),
    engine: fields.has('engine') ? engineFacts(fields.object('engine')) : null,
    ...(fields.has('engineProblem') ? { engineProblem: fields.text('engineProblem', longestSentence) } : {}),
    kernel: fields.text('kernel', longestName),
    os: fields.text('os', longestName),
    architecture: fields.text('architecture', longestName),
    distribution: fields.text('distribution', longestName),
    abilities: abilities(fields.object('abilities')),
  };
}

function engineFacts(fields: Fields): EngineFacts {
  return {
    id: fields.text('id', longestName),
    version: fields.text('version', longestName),
    apiVersion: fields.text('apiVersion', longestName),
    swarmNodeId: fields.text('swarmNodeId', longestName),
    swarmState: fields.text('swarmState', longestName),
    swarmManager: fields.flag('swarmManager'),
  };
}

function abilities(fields: Fields): KernelAbilities {
  return {
    ipvs: fields.flag('ipvs'),
    wireguard: fields.flag('wireguard'),
    esp: fields.flag('esp'),
    criu: fields.flag('criu'),
    cgroupVersion: fields.whole('cgroupVersion', 2) === 2 ? 2 : 1,
  };
}

function diskFacts(fields: Fields): DiskFacts {
  return {
    path: fields.word('path', 4096),
    totalBytes: fields.whole('totalBytes'),
    freeBytes: fields.whole('freeBytes'),
  };
}

function certificates(fields: Fields): NewCertificate {
  return { certificate: fields.word('certificate', longestPem), authority: fields.word('authority', longestPem) };
}

function optionalWord<Name extends string>(fields: Fields, name: Name): { readonly [name in Name]?: string } {
  return fields.has(name) ? ({ [name]: fields.word(name, longestName) } as { [name in Name]: string }) : {};
}

import {
  commonProtocol,
  type HostFacts,
  parseMessage,
  readHello,
  readHostFacts,
  readHostLoad,
  readJoinRequest,
} from '@drover/tunnel';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const disk = { path: '/', totalBytes: 100, freeBytes: 40 };
const facts: HostFacts = {
  hostname: 'n1',
  cpus: 4,
  memoryBytes: 8e9,
  disks: [disk],
  engine: {
    id: 'ABCD',
    version: '28.5.2',
    apiVersion: '1.51',
    swarmNodeId: '',
    swarmState: 'inactive',
    swarmManager: false,
  },
  kernel: '6.1.0',
  os: 'linux',
  architecture: 'x86_64',
  distribution: 'Debian GNU/Linux 12 (bookworm)',
  abilities: { ipvs: false, wireguard: true, esp: true, criu: false, cgroupVersion: 2 },
};

it('reads what a side sends, and drops what it does not know', () => {
  expect(readHostFacts({ ...facts, later: true })).toEqual(facts);
  expect(readHostFacts({ ...facts, engine: null, engineProblem: 'stopped' })).toMatchObject({ engine: null });
  const request = { token: 't', csr: 'c\n', software: '1', hostname: 'n1', facts };
  expect(readJoinRequest({ ...request, hostId: 'mine' })).toEqual(request);
});

it.each([
  [() => readHello({ software: '1', protocols: [2, 1], hostname: 'a', bootId: '' }), 'protocols'],
  [() => readHello({ software: '1', protocols: [1, 1.5], hostname: 'a', bootId: '' }), 'protocols'],
  [() => readHello({ software: '', protocols: [1, 1], hostname: 'a', bootId: '' }), 'software'],
  [() => readHello({ software: '1', protocols: [1, 1], hostname: 'x'.repeat(300), bootId: '' }), 'hostname'],
  [() => readHostFacts({ ...facts, cpus: -1 }), 'cpus'],
  [() => readHostFacts({ ...facts, disks: Array(65).fill(disk) }), 'disks'],
  [() => readHostFacts({ ...facts, abilities: { ...facts.abilities, ipvs: 'yes' } }), 'ipvs'],
  [() => readHostLoad({ cpu: 1.2, memoryUsedBytes: 1, memoryBytes: 1, disks: [] }), 'cpu'],
  [() => readHostLoad({ cpu: Number.NaN, memoryUsedBytes: 1, memoryBytes: 1, disks: [] }), 'cpu'],
  [() => readJoinRequest({ token: 't', csr: 'x'.repeat(40_000), software: '1', hostname: 'n1' }), 'csr'],
])('names the field that breaks a bound (%#)', (read, field) => {
  expect(read).toThrow(expect.objectContaining({ code: 'message', message: expect.stringContaining(`"${field}"`) }));
});

it('never throws anything but its own error, whatever comes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const read of [readHello, readHostFacts, readHostLoad, readJoinRequest]) {
        try {
          read(value);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'message' });
        }
      }
    }),
  );
  expect(() => parseMessage('a body', Buffer.from('{'))).toThrow('reading a body: it is no JSON');
});

it('finds the highest version that both speak', () => {
  expect(commonProtocol([1, 3], [2, 5])).toBe(3);
  expect(commonProtocol([1, 1], [1, 1])).toBe(1);
  expect(commonProtocol([1, 2], [3, 4])).toBeUndefined();
  expect(commonProtocol([3, 4], [1, 2])).toBeUndefined();
});

import { expect, test } from 'vitest';
import { HostIndex } from '../../src/domain/host/host-index.ts';
import type { HostRecord } from '../../src/domain/host/host-store.ts';

const host = (id: string, more: Partial<HostRecord> = {}): HostRecord => ({
  id,
  name: `name-${id}`,
  environment: 'prod',
  phase: 'kept',
  keyFingerprint: `key-${id}`,
  engineId: `engine-${id}`,
  labels: {},
  facts: undefined,
  software: undefined,
  joinedAt: '2026-01-01T00:00:00.000Z',
  connectedAt: undefined,
  lostAt: undefined,
  certificateExpiresAt: '',
  ...more,
});

test('a host is found by what it has now, and not by what it had', () => {
  const index = new HostIndex();
  index.set(host('1'));
  index.set(host('2', { engineId: undefined }));
  expect(index.get('engineId', 'engine-1')?.id).toBe('1');
  index.set(host('1', { name: 'renamed', keyFingerprint: 'new', engineId: undefined }));
  expect(index.get('name', 'renamed')?.id).toBe('1');
  expect(index.get('keyFingerprint', 'new')?.id).toBe('1');
  for (const [key, value] of [
    ['name', 'name-1'],
    ['keyFingerprint', 'key-1'],
    ['engineId', 'engine-1'],
  ] as const)
    expect(index.get(key, value)).toBeUndefined();
  expect([...index.hosts()].map(({ id }) => id).sort()).toEqual(['1', '2']);
});

test('a host that goes takes nothing along that another one has by now', () => {
  const index = new HostIndex();
  index.set(host('1'));
  index.set(host('2', { name: 'name-1' }));
  index.delete('1');
  index.delete('nobody');
  expect(index.get('name', 'name-1')?.id).toBe('2');
  expect(index.get('keyFingerprint', 'key-1')).toBeUndefined();
});

import type { ContainerPageRequest, ContainerView } from '@drover/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageOf } from '../src/domain/container/page.ts';
import { slimText } from '../src/domain/container/slim.ts';

const view = (id: string, more: Partial<ContainerView> = {}): ContainerView => ({
  id,
  name: `c-${id}`,
  image: 'web:1',
  imageId: 'sha256:1',
  state: 'running',
  status: 'Up',
  oneOff: false,
  ports: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
});

const request = (more: Partial<ContainerPageRequest> = {}): ContainerPageRequest => ({
  sort: 'name',
  descending: false,
  limit: 100,
  ...more,
});

const sorts = ['name', 'host', 'stack', 'state', 'created'] as const;
const someViews = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[0-9a-f]{4,6}$/),
    name: fc.constantFrom('a', 'b', 'c'),
    host: fc.constantFrom('n1', 'n2'),
    state: fc.constantFrom('running' as const, 'exited' as const),
  }),
  { selector: ({ id }) => id, maxLength: 60 },
);

test('the pages, one behind the other, are all that match, each once and in order', () => {
  fc.assert(
    fc.property(
      someViews,
      fc.constantFrom(...sorts),
      fc.boolean(),
      fc.integer({ min: 1, max: 20 }),
      fc.option(fc.constantFrom('running' as const, 'exited' as const), { nil: undefined }),
      (some, sort, descending, limit, state) => {
        const views = some.map(({ id, ...more }) => view(id, more));
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const filters = { sort, descending, limit, ...(state === undefined ? {} : { state }) };
          const page = pageOf([views], request({ ...filters, ...(after === undefined ? {} : { after }) }));
          expect(page.containers.length).toBeLessThanOrEqual(limit);
          seen.push(...page.containers.map(({ id }) => id));
          after = page.next;
        } while (after !== undefined);
        const wanted = views.filter((each) => state === undefined || each.state === state);
        expect([...seen].sort()).toEqual(wanted.map(({ id }) => id).sort());
        const whole = pageOf(
          [views],
          request({ sort, descending, limit: 500, ...(state === undefined ? {} : { state }) }),
        );
        expect(seen).toEqual(whole.containers.map(({ id }) => id));
        expect(whole.total).toBe(wanted.length);
      },
    ),
  );
});

test('it is found by stack, service, host, state and a part of what it is called', () => {
  const views = [
    view('1', { stack: 'shop', service: 'web', host: 'n1' }),
    view('2', { stack: 'shop', service: 'db', host: 'n2', image: 'postgres:16' }),
    view('3', { state: 'exited' }),
  ];
  const ids = (more: Partial<ContainerPageRequest>) => pageOf([views], request(more)).containers.map(({ id }) => id);
  expect(ids({ stack: 'shop' })).toEqual(['1', '2']);
  expect(ids({ service: 'db' })).toEqual(['2']);
  expect(ids({ host: 'n1' })).toEqual(['1']);
  expect(ids({ state: 'exited' })).toEqual(['3']);
  expect(ids({ search: 'POSTGRES' })).toEqual(['2']);
  expect(ids({ search: 'c-1' })).toEqual(['1']);
  expect(ids({ search: 'SHO' })).toEqual(['1', '2']);
  expect(ids({ search: 'n2' })).toEqual(['2']);
});

test('a cursor that is none is refused in words', () => {
  const words = 'reading a page of containers: "after" is not the "next" of another page in this order';
  const views = [view('1'), view('2')];
  const { next = '' } = pageOf([views], request({ limit: 1 }));
  expect(pageOf([views], request({ after: next })).containers.map(({ id }) => id)).toEqual(['2']);
  for (const after of [
    'nonsense',
    Buffer.from('{"a":1}').toString('base64url'),
    Buffer.from('[1,2]').toString('base64url'),
  ])
    expect(() => pageOf([views], request({ after }))).toThrow(words);
  expect(() => pageOf([views], request({ sort: 'host', after: next }))).toThrow(words);
});

test('the slim list is JSON of the few words, and follows a view that changed', () => {
  const before = view('1', { stack: 'shop', service: 'web', host: 'n1', health: 'healthy' });
  expect(JSON.parse(slimText([[before]]))).toEqual([
    {
      id: '1',
      name: 'c-1',
      image: 'web:1',
      state: 'running',
      health: 'healthy',
      stack: 'shop',
      service: 'web',
      host: 'n1',
    },
  ]);
  expect(JSON.parse(slimText([[{ ...before, state: 'exited' }]]))[0].state).toBe('exited');
  expect(slimText([])).toBe('[]');
  expect(JSON.parse(slimText([[], [before], [], [before, before], []]))).toHaveLength(3);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose, follow } from './stage/follow.ts';
import { type Answer, openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  stage.engine.control.addImage('web:1', { config: { Cmd: ['run'] } });
});
afterAll(() => stage.stop());

const deploy = (text: string, name = 'shop') =>
  stage.call('POST', `/stacks/${encodeURIComponent(name)}/deploy`, { body: { source: compose(text) } });

/** One sentence, a 4xx, no trace of the code, and nothing done. */
async function demandRefusal(answer: Answer, status: number, sentence: RegExp): Promise<void> {
  expect(answer.status, answer.text).toBe(status);
  const { message } = answer.body as { message: string };
  expect(message).toMatch(sentence);
  expect(message).not.toContain('\n');
  expect(answer.text).not.toMatch(/\.ts:\d|node_modules|at async/);
  expect(await stage.engine.containers.list({ all: true })).toEqual([]);
  expect(await stage.client.stacks.list()).toEqual([]);
}

test.each([
  ['not YAML', 'services:\n  web: [', /compose\.yaml:\d+:\d+/],
  ['a wrong type', 'services:\n  web:\n    image: web:1\n    ports: 12\n', /compose\.yaml:4:\d+: .*ports/],
  ['an unknown key', 'services:\n  web:\n    imagee: web:1\n', /compose\.yaml:3:5: .*imagee/],
  ['an empty file', '', /compose\.yaml/],
])('%s is refused with its place', async (_, text, sentence) => {
  const answer = await deploy(text);
  await demandRefusal(answer, 422, sentence);
  expect(answer.body).toMatchObject({ data: { reason: 'invalid-source' } });
});

test('an image that is nowhere ends the deployment with its name, and leaves nothing', async () => {
  const started = await stage.client.stacks.deploy({
    name: 'gone',
    source: compose('services:\n  web:\n    image: nowhere:1\n'),
  });
  const { deployment } = await follow(stage.client, started);
  expect(deployment.failure).toMatchObject({ message: expect.stringContaining('nowhere:1') });
  expect(await stage.engine.containers.list({ all: true })).toEqual([]);
  const removed = await stage.client.stacks.remove({ name: 'gone', forget: true });
  expect((await follow(stage.client, removed)).deployment.state).toBe('succeeded');
});

test('a Compose file of 10 MB is refused with its size', async () => {
  const answer = await deploy(`services: {}\n#${'x'.repeat(10 * 1024 * 1024)}`);
  await demandRefusal(
    answer,
    413,
    /^reading compose\.yaml: it has 11 MB; a Compose or env file may have at most 8 MB$/,
  );
});

test('a request that is larger than any is refused before it is read', async () => {
  const answer = await stage
    .call('POST', '/stacks/shop/deploy', { raw: `{"a":"${'x'.repeat(30 * 1024 * 1024)}"}` })
    .catch((error: NodeJS.ErrnoException) => error);
  // The connection may end under the sender, who has not read the answer yet.
  if (answer instanceof Error) expect(answer.code).toMatch(/EPIPE|ECONNRESET/);
  else await demandRefusal(answer, 413, /larger than 24 MB/);
});

test.each(['../x', '$(id)', 'a b', 'A', '', '-x', `${'a'.repeat(64)}`, '%00', 'a/b', '..'])(
  'the stack name %j is refused everywhere',
  async (name) => {
    const path = name === '' ? '%20' : encodeURIComponent(name);
    for (const [method, rest] of [
      ['GET', ''],
      ['PUT', ''],
      ['POST', '/deploy'],
      ['POST', '/stop'],
      ['POST', '/remove'],
      ['GET', '/revisions'],
      ['GET', '/deployments'],
      ['GET', '/variables'],
    ] as const) {
      const source = compose('services:\n  web:\n    image: web:1\n');
      const answer = await stage.call(method, `/stacks/${path}${rest}`, method === 'GET' ? {} : { body: { source } });
      expect([400, 404], `${method} ${rest}`).toContain(answer.status);
      expect(answer.text).not.toMatch(/\.ts:\d/);
    }
  },
);

test.each([
  ['no JSON', '{"source"', undefined, /^reading the request: its body is not valid JSON$/],
  ['another kind of body', 'source=1', 'application/x-www-form-urlencoded', /must be application\/json/],
  ['a wrong type', '{"source":{"composeFiles":"x","files":[]}}', undefined, /^source\.composeFiles: /],
  ['text that is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), undefined, /not valid JSON/],
])('%s is refused in one sentence', async (_, raw, type, sentence) => {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
  await demandRefusal(await stage.call('PUT', '/stacks/shop', { raw, headers }), 400, sentence);
});

test('1,000 services are loaded and planned', { timeout: 60_000 }, async () => {
  const services = Array.from({ length: 1000 }, (_, i) => `  s${i}: {image: 'web:1'}\n`).join('');
  const { services: planned } = await stage.client.stacks.plan({
    name: 'large',
    source: compose(`services:\n${services}`),
  });
  expect(planned).toHaveLength(1000);
});

test('what user words become of never reaches a shell or a path', async () => {
  const text =
    'services:\n  __proto__:\n    image: web:1\n  constructor:\n    image: web:1\n    environment: {__proto__: x, toString: y}\n';
  const { services } = await stage.client.stacks.validate({ name: 'odd', source: compose(text) });
  expect(services).toEqual(expect.arrayContaining(['constructor']));
});

import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../src/run.ts';
import { memoryParts } from './memory-terminal.ts';

let folder = '';
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-check-'));
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

async function run(argv: readonly string[], url = 'http://127.0.0.1:1') {
  const environment = { DROVER_URL: url, DROVER_TOKEN: 'token' };
  const parts = memoryParts({ directory: folder, home: folder, environment });
  const code = await runCommandLine(argv, parts);
  return { code, stdout: parts.terminal.stdout.text, stderr: parts.terminal.stderr.text };
}

/** A server that gives one answer to everything, and keeps what it was sent. */
async function answering(status: number, answer: unknown): Promise<{ url: string; sent: unknown[] }> {
  const sent: unknown[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    sent.push(body === '' ? undefined : JSON.parse(body));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
}

const sound = `services:
  web:
    image: web
    ports: ["80:80"]
    deploy: {endpoint_mode: vip}
`;
const unsound = `${sound}    use_api_socket: true\n    privileged: true\n`;

describe('drover check', () => {
  test('shows what is not honoured, each with its place, and counts the rest; nothing refused is exit code 0', async () => {
    await file('compose.yaml', sound);
    expect(await run(['check'])).toEqual({
      code: 0,
      stderr: '',
      stdout: `ignored
  compose.yaml:5:29: deploy.endpoint_mode of web: a name leads straight to the containers of the service
compose.yaml: 1 service; on one engine 8 fields: 7 honoured, 1 ignored
`,
    });
  });

  test('--all shows every field', async () => {
    await file('compose.yaml', sound);
    const { stdout } = await run(['check', '--all']);
    expect(stdout).toContain('honoured\n  compose.yaml:2:3: networks of web\n  compose.yaml:3:12: image of web\n');
    expect(stdout.split('\n').filter((line) => line.startsWith('  '))).toHaveLength(8);
  });

  test('a refused field is exit code 5, with what to write instead and its name', async () => {
    await file('compose.yaml', unsound);
    const { code, stdout } = await run(['check']);
    expect(code).toBe(5);
    expect(stdout).toContain(`refused
  compose.yaml:6:21: use_api_socket of web: the socket of the engine would be open to the service, and with it the whole host
    instead: if that is what you want, bind /var/run/docker.sock in \`volumes\` by name
    or leave it out: --accept service.use_api_socket
`);
  });

  test('--strict ends so for an ignored field, too', async () => {
    await file('compose.yaml', sound);
    expect((await run(['check', '--strict'])).code).toBe(5);
    await file('compose.yaml', 'services: {web: {image: web}}\n');
    expect((await run(['check', '--strict'])).code).toBe(0);
  });

  test('--target swarm judges for a Swarm; --host-facts says what its hosts are', async () => {
    await file('compose.yaml', sound);
    const first = await run(['check', '--target', 'swarm']);
    expect([first.code, first.stdout]).toEqual([0, 'compose.yaml: 1 service; on a Swarm 8 fields: 8 honoured\n']);
    await file('hosts.json', '{"ipvs": false}');
    const { code, stdout } = await run(['check', '--target', 'swarm', '--host-facts', 'hosts.json']);
    expect(code).toBe(0);
    expect(stdout).toContain('emulated\n  compose.yaml:4:14: ports.mode of web: the routing mesh needs IPVS');
    expect(stdout).toContain('\n  compose.yaml:5:29: deploy.endpoint_mode of web: ');
  });

  test('facts that are none are said in one sentence', async () => {
    await file('compose.yaml', sound);
    await file('hosts.json', '{"ipv": false, "os": "mac"}');
    expect(await run(['check', '--host-facts', 'hosts.json'])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'drover: reading the host facts hosts.json: there is no fact ipv; did you mean ipvs?; os must be "linux" or "windows"\n',
    });
    const { code, stderr } = await run(['check', '--host-facts', 'none.json']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^drover: reading the host facts none\.json: .*no such file.*\n$/);
    expect((await run(['check', '--target', 'cloud'])).code).toBe(64);
  });

  test('--json holds every field and nothing but JSON', async () => {
    await file('compose.yaml', unsound);
    const { code, stdout, stderr } = await run(['check', '--json', '--target', 'swarm']);
    expect([code, stderr]).toEqual([5, '']);
    const { diagnostics, report } = JSON.parse(stdout);
    expect(diagnostics).toEqual([]);
    expect(report).toMatchObject({
      target: 'swarm',
      counts: { honoured: 6, emulated: 3, ignored: 0, refused: 1 },
    });
    expect(report.fields).toContainEqual(
      expect.objectContaining({
        path: ['services', 'web', 'privileged'],
        field: 'service.privileged',
        verdict: 'emulated',
        service: 'web',
        acceptable: false,
        origin: expect.objectContaining({ line: 7, column: 17 }),
      }),
    );
  });

  test('files that do not load are an error as everywhere', async () => {
    await file('compose.yaml', 'services: {web: {imagee: web}}\n');
    const { code, stdout, stderr } = await run(['check']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/compose\.yaml:1:18: .*imagee.*image/);
    expect(JSON.parse((await run(['check', '--json'])).stdout).diagnostics).toHaveLength(1);
  });
});

describe('--accept', () => {
  test('goes to the server by name; one that is none is refused before', async () => {
    await file('compose.yaml', unsound);
    const { url, sent } = await answering(422, { message: 'no', data: { reason: 'invalid-source' } });
    expect((await run(['plan', '--accept', 'service.use_api_socket', '--accept', 'service.gpus'], url)).code).toBe(1);
    expect(sent).toEqual([
      expect.objectContaining({
        options: expect.objectContaining({ accept: ['service.use_api_socket', 'service.gpus'] }),
      }),
    ]);
    const { code, stderr } = await run(['up', '--accept', 'service.use_api_sockets'], url);
    expect([code, stderr]).toEqual([
      64,
      'drover: up: --accept: there is no field service.use_api_sockets; did you mean service.use_api_socket? See drover up --help.\n',
    ]);
    expect(sent).toHaveLength(1);
  });

  test('is named where the server refuses the field', async () => {
    await file('compose.yaml', unsound);
    const message = 'use_api_socket of web is refused on one engine: the socket';
    const diagnostics = [
      {
        severity: 'error',
        code: 'unsupported',
        message,
        field: 'service.use_api_socket',
        origin: { file: join(folder, 'compose.yaml'), line: 6, column: 21 },
      },
    ];
    const { url } = await answering(422, { message, data: { reason: 'invalid-source', diagnostics } });
    const { code, stderr } = await run(['up'], url);
    expect(code).toBe(1);
    expect(stderr).toBe(`drover: compose.yaml:6:21: ${message}\n  or leave it out: --accept service.use_api_socket\n`);
  });

  test('what a revision leaves out stands in its history', async () => {
    await file('compose.yaml', sound);
    const revision = { createdAt: new Date().toISOString(), origin: 'deploy', images: [], restorable: true };
    const { url } = await answering(200, [
      { ...revision, number: 2, serving: true, accepted: ['service.use_api_socket'] },
      { ...revision, number: 1, serving: false, accepted: [] },
    ]);
    const { stdout } = await run(['-p', 'shop', 'history'], url);
    expect(stdout).toMatch(/2 +serves .* deploy, without service\.use_api_socket/);
    expect(stdout).toMatch(/1 .* deploy *\n/);
  });

  test('is completed by the names of the fields, without a server', async () => {
    const { stdout } = await run(['__complete', 'zsh', '3', 'up', '--accept', 'service.use_']);
    expect(stdout).toBe('none\nservice.use_api_socket\t\n');
  });
});

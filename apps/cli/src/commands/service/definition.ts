import { ServiceError } from './machine.ts';

/** What is to be started at boot, and with which settings. */
export interface ServiceDefinition {
  /** The pinned Node. */
  readonly program: string;
  readonly script: string;
  readonly folder: string;
  readonly environment: readonly (readonly [name: string, value: string])[];
}

/** Characters that mean themselves in unit files and in OpenRC scripts; others are refused and not escaped. */
const plainText = /^[A-Za-z0-9_./:@+,=~-]+$/;

/** Throws `ServiceError` when a path or a setting cannot be written into a service's file as it is. */
export function checkDefinition({ program, script, folder, environment }: ServiceDefinition): void {
  const texts = [program, script, folder, ...environment.map(([name, value]) => `${name}=${value}`)];
  for (const text of texts)
    if (!plainText.test(text))
      throw new ServiceError(
        `making Drover a service: ${JSON.stringify(text)} holds a character that a service's file cannot: move it, or change the setting`,
      );
}

/** A unit file of systemd. Stopping Drover leaves the applications alone, as they belong to the engine. */
export function systemdUnit({ program, script, folder, environment }: ServiceDefinition): string {
  return `# Made by "drover service install"; "drover service uninstall" removes it.
[Unit]
Description=Drover, Compose applications on Docker
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=exec
ExecStart=${program} --disable-warning=ExperimentalWarning ${script}
WorkingDirectory=${folder}
${environment.map(([name, value]) => `Environment=${name}=${value}\n`).join('')}Restart=on-failure
RestartSec=2
KillMode=mixed
TimeoutStopSec=30

[Install]
WantedBy=multi-user.target
`;
}

/** An init script of OpenRC. It does without a service `net`: machines whose network something else sets up have none. */
export function openrcScript({ program, script, folder, environment }: ServiceDefinition): string {
  return `#!/sbin/openrc-run
# Made by "drover service install"; "drover service uninstall" removes it.
description="Drover, Compose applications on Docker"
supervisor=supervise-daemon
respawn_delay=2
respawn_max=0
command=${program}
command_args="--disable-warning=ExperimentalWarning ${script}"
directory=${folder}
output_log=/var/log/drover.log
error_log=/var/log/drover.log
${environment.map(([name, value]) => `export ${name}=${value}\n`).join('')}
depend() {
  use net
  after net docker
}
`;
}

/** The command to start at boot, for a person to give to whatever starts things. */
export function startCommand({ program, script, environment }: ServiceDefinition): string {
  return [
    ...environment.map(([name, value]) => `${name}=${value}`),
    program,
    '--disable-warning=ExperimentalWarning',
    script,
  ].join(' ');
}

// `docker compose config` by this package alone, for conformance runs:
//   node packages/compose/test/config-driver.ts [-f FILE]... [-p NAME] config [--format json|yaml] [--hash '*'] [SERVICE]...
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { serviceHash } from '../src/hash/hashes.ts';
import { load } from '../src/load/load.ts';
import { projectInput } from '../src/node/project-input.ts';
import { toJson } from '../src/print/to-json.ts';
import { toYaml } from '../src/print/to-yaml.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string', short: 'f', multiple: true },
    'project-name': { type: 'string', short: 'p' },
    'env-file': { type: 'string', multiple: true },
    profile: { type: 'string', multiple: true },
    'project-directory': { type: 'string' },
    format: { type: 'string' },
    hash: { type: 'string' },
  },
});

const show = ({ severity, message, origin }: Diagnostic): void => {
  const place = origin === undefined ? '' : `${origin.file}:${origin.line}:${origin.column}: `;
  process.stderr.write(`${place}${severity}: ${message}\n`);
};

const found = await projectInput({
  files: values.file ?? [],
  projectName: values['project-name'],
  envFiles: values['env-file'] ?? [],
  profiles: values.profile ?? [],
  projectDirectory: values['project-directory'],
  services: positionals.slice(1),
  skip: { resolveEnvironment: values.hash !== undefined },
  cwd: process.cwd(),
  environment: process.env,
  readStdin: () => text(process.stdin),
});
found.diagnostics.forEach(show);
if (found.ok) {
  const result = await load(found.input);
  result.diagnostics.forEach(show);
  if (!result.ok) process.exitCode = 1;
  else if (values.hash === undefined) {
    process.stdout.write(values.format === 'json' ? toJson(result.project) : toYaml(result.project));
  } else {
    const defaultPlatform = found.input.environment.DOCKER_DEFAULT_PLATFORM;
    for (const name of Object.keys(result.project.services).sort()) {
      process.stdout.write(`${name} ${serviceHash(result.project.services[name]!, { defaultPlatform })}\n`);
    }
  }
} else process.exitCode = 1;

import { readFileSync } from 'node:fs';
import type { ImageConfig, ImageEdition, ImageHealthcheck, ImageRecipe } from './recipe.ts';

const program = readFileSync(new URL('echo.pl', import.meta.url), 'utf8');

const healthcheck: ImageHealthcheck = {
  test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/health'],
  intervalSeconds: 1,
  // An overloaded machine may take seconds to begin the program that asks.
  timeoutSeconds: 10,
  retries: 3,
};

/** A small HTTP server that does what a test tells it to; lab/README.md has the list. */
export const echo: ImageRecipe = {
  repository: 'echo',
  base: 'busybox',
  content: { packages: ['perl-base', 'libcrypt1'] },
  leaveOut: ['usr/share/perl5'],
  files: [{ path: '/usr/local/bin/echo-server', content: program, mode: 0o755 }],
  check: ['/usr/bin/perl', '-c', '/usr/local/bin/echo-server'],
  editions: [
    edition('v1', ['v1', 'latest']),
    edition('v2', ['v2']),
    edition('v3', ['v3']),
    edition('v1', ['healthy', 'v1-healthy'], { healthcheck }),
    edition('v2', ['v2-healthy'], { healthcheck }),
  ],
};

function edition(version: string, tags: readonly string[], more: Partial<ImageConfig> = {}): ImageEdition {
  return {
    tags,
    files: [{ path: '/etc/echo-version', content: `${version}\n` }],
    config: { env: { ECHO_VERSION: version }, command: ['echo-server'], exposed: ['8080/tcp'], ...more },
  };
}

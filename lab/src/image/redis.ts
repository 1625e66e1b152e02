import { accountFiles, type ImageEdition, type ImageRecipe, setpriv } from './recipe.ts';

const entrypoint = `#!/bin/sh
# Options alone, or a configuration file alone, mean the server; the server gives up root for the account redis.
set -e
case $1 in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
  # Without a configuration file the public image listens to other containers too.
  case " $* " in *.conf\\ * | *--protected-mode*) ;; *) set -- "$@" --protected-mode no ;; esac
  if [ "$(id -u)" = 0 ]; then
    find . \\! -user redis -exec chown redis:redis {} +
    exec setpriv --reuid=redis --regid=redis --clear-groups -- "$@"
  fi
fi
exec "$@"
`;

export const redis: ImageRecipe = {
  repository: 'redis',
  base: 'busybox',
  content: {
    packages: [
      ...['redis-tools', 'libcap-ng0', 'libatomic1', 'libgcc-s1', 'libjemalloc2', 'libhiredis0.14'],
      ...['liblua5.1-0', 'lua-bitop', 'lua-cjson', 'liblzf1', 'libssl3', 'libstdc++6', 'libsystemd0', 'libgcrypt20'],
      ...['libgpg-error0', 'liblz4-1', 'liblzma5', 'libzstd1', 'libcap2'],
    ],
  },
  programs: setpriv,
  files: [
    ...accountFiles({ name: 'redis', id: 999, home: '/data' }),
    { path: '/usr/bin/redis-server', target: 'redis-check-rdb' },
    { path: '/usr/local/bin/docker-entrypoint.sh', content: entrypoint, mode: 0o755 },
    { path: '/data', folder: true, owner: 999 },
  ],
  check: ['/usr/bin/redis-server', '--version'],
  editions: [
    edition('7.2.8', ['7.2', '7.2-alpine']),
    edition('7.4.3', ['latest', 'alpine', '7', '7-alpine', '7.4', '7.4-alpine']),
  ],
};

function edition(version: string, tags: readonly string[]): ImageEdition {
  return {
    tags,
    files: [{ path: '/etc/redis-edition', content: `${version}\n` }],
    config: {
      env: { REDIS_VERSION: version },
      entrypoint: ['docker-entrypoint.sh'],
      command: ['redis-server'],
      exposed: ['6379/tcp'],
      volumes: ['/data'],
      workingDir: '/data',
    },
  };
}

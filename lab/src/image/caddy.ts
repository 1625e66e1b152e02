import type { ImageRecipe } from './recipe.ts';

const caddyfile = ':80 {\n\troot * /usr/share/caddy\n\tfile_server\n}\n';

export const caddy: ImageRecipe = {
  repository: 'caddy',
  base: 'busybox',
  content: { packages: ['caddy', 'ca-certificates', 'media-types', 'libzstd1', 'liblz4-1', 'libpcap0.8', 'libssl3'] },
  leaveOut: ['etc/caddy', 'usr/share/caddy', 'usr/share/ca-certificates', 'usr/sbin/*'],
  files: [
    { path: '/etc/caddy/Caddyfile', content: caddyfile },
    { path: '/usr/share/caddy/index.html', content: '<h1>Caddy works</h1>\n' },
    { path: '/config/caddy', folder: true },
    { path: '/data/caddy', folder: true },
    { path: '/srv', folder: true },
  ],
  check: ['/usr/bin/caddy', 'version'],
  editions: [
    {
      tags: ['latest', '2', '2-alpine', 'alpine', '2.6'],
      config: {
        env: { XDG_CONFIG_HOME: '/config', XDG_DATA_HOME: '/data', CADDY_VERSION: 'v2.6.2' },
        command: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
        exposed: ['80/tcp', '443/tcp', '443/udp', '2019/tcp'],
        workingDir: '/srv',
      },
    },
  ],
};

import { accountFiles, type ImageConfig, type ImageEdition, type ImageRecipe } from './recipe.ts';

const mainConfig = `user nginx;
worker_processes auto;
error_log /var/log/nginx/error.log notice;
pid /run/nginx.pid;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /var/log/nginx/access.log;
    sendfile on;
    keepalive_timeout 65;
    include /etc/nginx/conf.d/*.conf;
}
`;

const defaultSite = `server {
    listen 80;
    listen [::]:80;
    server_name localhost;
    location / {
        root /usr/share/nginx/html;
        index index.html index.htm;
    }
}
`;

const entrypoint = `#!/bin/sh
# Runs what lies in /docker-entrypoint.d before the server, as the public image does.
set -e
case $1 in nginx | nginx-debug)
  for script in /docker-entrypoint.d/*; do
    [ -x "$script" ] || continue
    "$script"
  done ;;
esac
exec "$@"
`;

export const nginx: ImageRecipe = {
  repository: 'nginx',
  base: 'busybox',
  content: { packages: ['nginx', 'nginx-common', 'libcrypt1', 'libpcre2-8-0', 'libssl3', 'zlib1g'] },
  leaveOut: [
    'etc/nginx/sites-*',
    'etc/nginx/modules-*',
    'etc/nginx/snippets',
    'etc/nginx/nginx.conf',
    'etc/ufw',
    'etc/default',
  ],
  files: [
    ...accountFiles({ name: 'nginx', id: 101, home: '/nonexistent' }),
    { path: '/etc/nginx/nginx.conf', content: mainConfig },
    { path: '/etc/nginx/conf.d/default.conf', content: defaultSite },
    { path: '/docker-entrypoint.sh', content: entrypoint, mode: 0o755 },
    { path: '/docker-entrypoint.d', folder: true },
    { path: '/var/cache/nginx', folder: true, owner: 101 },
    { path: '/var/lib/nginx', folder: true, owner: 101 },
    { path: '/var/log/nginx/access.log', target: '/dev/stdout' },
    { path: '/var/log/nginx/error.log', target: '/dev/stderr' },
  ],
  check: ['/usr/sbin/nginx', '-v'],
  editions: [
    edition('1.25.5', ['1.25', '1.25.5', '1.25-alpine']),
    edition('1.26.3', ['1.26', '1.26.3', '1.26-alpine']),
    edition('1.27.5', [
      'latest',
      'alpine',
      'stable',
      'stable-alpine',
      'mainline',
      '1',
      '1-alpine',
      '1.27',
      '1.27.5',
      '1.27-alpine',
    ]),
  ],
};

function edition(version: string, tags: readonly string[]): ImageEdition {
  const config: ImageConfig = {
    env: { NGINX_VERSION: version },
    entrypoint: ['/docker-entrypoint.sh'],
    command: ['nginx', '-g', 'daemon off;'],
    exposed: ['80/tcp'],
    stopSignal: 'SIGQUIT',
  };
  const page = `<!DOCTYPE html>\n<title>Welcome to nginx!</title>\n<h1>Welcome to nginx ${version}!</h1>\n`;
  return { tags, files: [{ path: '/usr/share/nginx/html/index.html', content: page }], config };
}

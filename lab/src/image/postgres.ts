import { accountFiles, type ImageEdition, type ImageRecipe, setpriv } from './recipe.ts';

const programFolder = '/usr/lib/postgresql/15/bin';

const entrypoint = `#!/bin/sh
# Makes the database on the first start from the variables that the public image knows, then serves it.
set -e

read_variable() { # NAME: the variable, or the content of the file that NAME_FILE names
  eval "value=\\$$1 file=\\$$1_FILE"
  if [ -n "$value" ] && [ -n "$file" ]; then
    echo "error: both $1 and $1_FILE are set (but are exclusive)" >&2
    exit 1
  fi
  if [ -n "$file" ]; then value=$(cat "$file"); fi
  eval "$1=\\$value"
}

as_sql_name() { printf '"%s"' "$(printf %s "$1" | sed 's/"/""/g')"; }

run_first_start_files() {
  for path in /docker-entrypoint-initdb.d/*; do
    case $path in
      *.sh) if [ -x "$path" ]; then "$path"; else . "$path"; fi ;;
      *.sql) psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -f "$path" ;;
      *.sql.gz) gunzip -c "$path" | psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" ;;
    esac
  done
}

make_database() {
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    echo '       Set POSTGRES_PASSWORD, or POSTGRES_HOST_AUTH_METHOD=trust.' >&2
    exit 1
  fi
  password_file=/tmp/password.$$
  (umask 077 && printf '%s\\n' "$POSTGRES_PASSWORD" >"$password_file")
  eval 'initdb --username="$POSTGRES_USER" '\${POSTGRES_PASSWORD:+'--pwfile="$password_file"'}' '"$POSTGRES_INITDB_ARGS"
  rm -f "$password_file"
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
  printf '\\nhost all all all %s\\n' "\${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  export PGPASSWORD="$POSTGRES_PASSWORD"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  if [ "$POSTGRES_DB" != postgres ]; then
    psql --no-password --no-psqlrc --username "$POSTGRES_USER" --dbname postgres -c "CREATE DATABASE $(as_sql_name "$POSTGRES_DB")"
  fi
  run_first_start_files
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  echo 'PostgreSQL init process complete; ready for start up.'
}

case $1 in -*) set -- postgres "$@" ;; esac
if [ "$1" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /run/postgresql
    chown -R postgres:postgres "$PGDATA" /run/postgresql
    chmod 700 "$PGDATA"
    exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$0" "$@"
  fi
  for name in POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB POSTGRES_INITDB_ARGS; do read_variable "$name"; done
  POSTGRES_USER=\${POSTGRES_USER:-postgres}
  POSTGRES_DB=\${POSTGRES_DB:-$POSTGRES_USER}
  [ -s "$PGDATA/PG_VERSION" ] || make_database
fi
exec "$@"
`;

export const postgres: ImageRecipe = {
  repository: 'postgres',
  base: 'busybox',
  content: {
    packages: [
      ...[
        'postgresql-15',
        'postgresql-client-15',
        'libpq5',
        'tzdata',
        'libxml2',
        'libicu72',
        'libstdc++6',
        'libgcc-s1',
      ],
      ...['libssl3', 'zlib1g', 'libzstd1', 'liblz4-1', 'liblzma5', 'libpam0g', 'libaudit1', 'libcap-ng0', 'libcap2'],
      ...[
        'libgssapi-krb5-2',
        'libkrb5-3',
        'libk5crypto3',
        'libkrb5support0',
        'libcom-err2',
        'libkeyutils1',
        'libldap-2.5-0',
      ],
      ...[
        'libsasl2-2',
        'libgnutls30',
        'libp11-kit0',
        'libidn2-0',
        'libunistring2',
        'libtasn1-6',
        'libnettle8',
        'libhogweed6',
      ],
      ...[
        'libgmp10',
        'libffi8',
        'libuuid1',
        'libsystemd0',
        'libgcrypt20',
        'libgpg-error0',
        'libreadline8',
        'libtinfo6',
      ],
      ...['readline-common', 'libcrypt1', 'libedit2', 'libbsd0', 'libmd0'],
    ],
  },
  programs: setpriv,
  leaveOut: [
    'usr/lib/postgresql/*/lib/bitcode',
    'usr/lib/postgresql/*/lib/llvmjit*',
    'usr/share/postgresql/*/man',
    'usr/share/zoneinfo/{posix,right}',
  ],
  files: [
    ...accountFiles({ name: 'postgres', id: 999, home: '/var/lib/postgresql' }),
    { path: '/usr/local/bin/docker-entrypoint.sh', content: entrypoint, mode: 0o755 },
    { path: '/docker-entrypoint-initdb.d', folder: true },
    { path: '/var/lib/postgresql', folder: true, owner: 999 },
    { path: '/var/lib/postgresql/data', folder: true, owner: 999, mode: 0o1777 },
    { path: '/run/postgresql', folder: true, owner: 999, mode: 0o3777 },
    { path: '/var/run', target: '/run' },
  ],
  check: [`${programFolder}/postgres`, '--version'],
  editions: [
    edition('15', ['15', '15-alpine']),
    edition('16', ['16', '16-alpine']),
    edition('17', ['latest', 'alpine', '17', '17-alpine']),
  ],
};

/** All editions run the same server, so that one can replace the other on the same data. */
function edition(major: string, tags: readonly string[]): ImageEdition {
  return {
    tags,
    files: [{ path: '/etc/postgres-edition', content: `${major}\n` }],
    config: {
      env: {
        PATH: `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${programFolder}`,
        LANG: 'C.UTF-8',
        PG_MAJOR: major,
        PGDATA: '/var/lib/postgresql/data',
      },
      entrypoint: ['docker-entrypoint.sh'],
      command: ['postgres'],
      exposed: ['5432/tcp'],
      volumes: ['/var/lib/postgresql/data'],
      stopSignal: 'SIGINT',
    },
  };
}

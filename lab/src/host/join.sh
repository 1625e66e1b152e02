# Joins control groups, then becomes a program: join.sh "FILE FILE…" PROGRAM ARGS…
# The first argument holds the `cgroup.procs` files; their paths have no spaces.
set -eu
for file in $1; do echo $$ >"$file"; done
shift
exec "$@"

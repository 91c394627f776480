#!/bin/sh
# Starts as root to own the volume, which may come with any owner; everything else runs without privileges.
set -eu
if [ "$(id -u)" = 0 ]; then
  find /var/lib/todos ! -user app -exec chown app:app {} +
  exec setpriv --reuid=app --regid=app --init-groups "$0" "$@"
fi
# The database is a file of this container alone, so nobody else can be migrating it.
python manage.py migrate --no-input
exec "$@"

#!/bin/sh
# What procedures about Postgres leave to you: how your servers are stopped, started, joined and found.
# Copy it to /usr/local/bin/crisisdesk-postgres-hook, adapt the parts below, allow it with
# `crisisdesk procedure allow`. It is called with an empty environment, in /, without a shell of its own:
#   stop SERVER | start SERVER | rejoin SERVER PRIMARY | clients SERVER
# SERVER and PRIMARY are the names under recovery.databases. It must end with 0 only when it is done.
set -eu
export PATH=/usr/bin:/bin LC_ALL=C

# --- adapt from here: a host, a data folder and a connection for each server -----------------------------------------
bin=/usr/lib/postgresql/17/bin
clients_file=/etc/crisisdesk/clients # read by your pooler, or a call to your DNS
place() { # sets data, port and source (for replication; passwords lie in the passfile)
    case "$1" in
    db1) data=/var/lib/postgresql/17/db1 port=5432 ;;
    db2) data=/var/lib/postgresql/17/db2 port=5433 ;;
    *) echo "unknown server: $1" >&2; exit 2 ;;
    esac
    source="host=127.0.0.1 port=$port user=replicator dbname=postgres passfile=/etc/crisisdesk/pgpass"
}
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
options="" # for pg_ctl start
# --- to here ---------------------------------------------------------------------------------------------------------

runs() { as_postgres "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; }
start() {
    if runs; then echo "$1 runs already"; return; fi
    as_postgres "$bin/pg_ctl" -D "$data" -w -t 60 -l "$data/hook.log" -o "-p $port $options" start
}
stop() {
    if ! runs; then echo "$1 does not run"; return; fi
    as_postgres "$bin/pg_ctl" -D "$data" -w -t 60 -m fast stop
}
rejoin() { # what only the old primary had is given up; without its log the whole server is copied anew
    place "$2"; primary=$source
    place "$1"; stop "$1"
    if as_postgres "$bin/pg_rewind" -D "$data" --source-server="$primary" --write-recovery-conf; then
        echo "rewound to $2"
    else
        # The old folder stays beside it: a person takes it away.
        if [ -e "$data" ]; then
            kept="$data.before-$(date +%s)"
            mv "$data" "$kept"
            echo "could not be rewound; the old files lie in $kept"
        fi
        echo "copying $2 anew"
        as_postgres "$bin/pg_basebackup" -D "$data" -d "$primary" --checkpoint=fast --write-recovery-conf
    fi
    start "$1"
}

case "${1:-}" in
stop) place "$2"; stop "$2" ;;
start) place "$2"; start "$2" ;;
rejoin) rejoin "$2" "$3" ;;
clients) place "$2"; printf '%s\n' "$2" >"$clients_file.new"; mv "$clients_file.new" "$clients_file" ;;
*) echo "stop|start|rejoin|clients SERVER" >&2; exit 2 ;;
esac

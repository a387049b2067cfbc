#!/bin/sh
# The week's job: audit, then the report of the last whole week (and of any week missed while the machine slept).
#
#   cron/weekly.sh FOLDER [FILE]     FOLDER holds listener.toml; FILE is another log than FOLDER/listen.log
#
# Needs no environment: it finds `listen` in .venv beside this script's folder, else on the usual paths; LISTEN names
# another. The report goes to stdout, so that cron mails it (MAILTO); everything else goes to the log.
# Leaves with the audit's exit code (0 done, 2 settings, 3 a source failed, 4 no login, 5 another run is at work), else
# the report's.

PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin
export PATH PYTHONUTF8=1
umask 027

here=$(cd "$(dirname "$0")" && pwd) || exit 2
if [ $# -lt 1 ] || [ ! -f "$1/listener.toml" ]; then
    echo "weekly.sh: name the folder that holds listener.toml: $0 FOLDER" >&2
    exit 2
fi
cd "$1" || exit 2
log=${2:-listen.log}

if [ -z "$LISTEN" ]; then
    LISTEN=$here/../.venv/bin/listen
    [ -x "$LISTEN" ] || LISTEN=$(command -v listen) || { echo "weekly.sh: no listen found: set LISTEN" >&2; exit 2; }
fi

note() { echo "$(date '+%Y-%m-%dT%H:%M:%S%z') $*" >>"$log"; }

# A log that has grown past a megabyte starts afresh; the one before it is kept.
if [ -f "$log" ] && [ "$(wc -c <"$log")" -gt 1000000 ]; then mv "$log" "$log.1"; fi

note "audit"
"$LISTEN" audit >>"$log" 2>&1
audit=$?
note "audit left with $audit"

# Wrong settings stop the report too, and a run at work will make its own; a failed source must be reported.
case $audit in
    0 | 1 | 3 | 4) ;;
    *)
        tail -n 3 "$log" >&2
        exit $audit
        ;;
esac

"$LISTEN" report --week latest-complete 2>>"$log"
report=$?
note "report left with $report"
[ $report -eq 0 ] || tail -n 3 "$log" >&2
[ $audit -ne 0 ] && exit $audit
exit $report

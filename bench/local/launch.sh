#!/bin/sh
# launch.sh PID_FILE COMMAND...
# Records this process (pid and start time), then becomes COMMAND. The record is there before the broker is,
# so no broker ever runs that nobody can find again, not even when the harness dies in between.
set -eu
pid_file=$1
shift
if [ -r "/proc/$$/stat" ]; then
  start=$(sed 's/^.*) //' "/proc/$$/stat" | cut -d ' ' -f 20)
else
  start=$(LC_ALL=C ps -o lstart= -p $$)
fi
printf '%s %s\n' "$$" "$start" > "$pid_file.new"
mv "$pid_file.new" "$pid_file"
exec "$@"

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
# Brokers give way to the load that measures them: on cores they share, a load that waits for a core is late with its slots.
# Linux weighs sessions against each other (autogroup), and every broker has its own; elsewhere the niceness alone counts.
if [ -w "/proc/$$/autogroup" ]; then
  echo 5 > "/proc/$$/autogroup" || :
fi
exec nice -n 5 "$@"

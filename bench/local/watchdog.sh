#!/bin/sh
# watchdog.sh FOLDER
# Ends the brokers recorded in FOLDER/*.pid when the harness dies. The harness holds the other end of standard input:
# the kernel closes it however the harness ends, kill -9 included, so nothing is polled. The word "done" ends the watch.
# A shell script because it must start at once, cost nothing and be the same from source and from a build.
while read -r word; do
  [ "$word" = done ] && exit 0
done

start_of() {
  if [ -r "/proc/$1/stat" ]; then
    sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
  else
    LC_ALL=C ps -o lstart= -p "$1" 2>/dev/null
  fi
}

# Twice: a broker that was being launched when the harness died writes its file a moment later.
for round in 1 2; do
  for file in "$1"/*.pid; do
    [ -r "$file" ] || continue
    read -r pid start < "$file"
    # Unquoted on purpose: both sides lose the padding that some versions of ps add.
    if [ "$(echo $(start_of "$pid"))" = "$(echo $start)" ]; then kill -9 "$pid" 2>/dev/null; fi
  done
  [ "$round" = 2 ] || sleep 2
done

#!/bin/sh
# Runs headroom with the arguments given. HEADROOM_USE_CASE, when set, holds the text of a use case file: it becomes
# use-case.yaml in the working folder. Node takes this shell's place, so that signals reach it.
set -eu

if [ -n "${HEADROOM_USE_CASE:-}" ]; then
  printf '%s' "$HEADROOM_USE_CASE" > use-case.yaml
fi
exec node "$(dirname "$0")/dist/bin/headroom.js" "$@"

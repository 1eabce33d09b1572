#!/usr/bin/env bash
# shellcheck source-path=SCRIPTDIR
# Reads the node's certificates again: before each start of the service, so that a reboot and a renewal need nothing else.
set -euo pipefail
boot=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. /etc/headroom/node.env
. "$boot/signal.sh"
. "$boot/certificates.sh"
trap 'code=$?; [ "$code" -eq 0 ] || say "${reason:-certificates could not be read, exit code $code}"' EXIT
fetch_certificates

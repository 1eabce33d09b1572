#!/usr/bin/env bash
# shellcheck source-path=SCRIPTDIR
# Makes one Kafka node of a fresh instance: its address, its volume, its software, its identity, then the service.
# Run once an instance, as root, by the user data, which has written /etc/headroom/node.env and server.properties.
# What must outlive the instance is on the volume and the network interface alone; everything else is made anew here.
# Ends with 0 and a SUCCESS signal only when the node takes part in a healthy cluster; otherwise with FAILURE and the reason.
set -euo pipefail

boot=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. /etc/headroom/node.env
. "$boot/signal.sh"
trap 'end_boot $?' EXIT
. "$boot/instance.sh"
. "$boot/interface.sh"
. "$boot/volume.sh"
. "$boot/software.sh"
. "$boot/certificates.sh"
. "$boot/storage.sh"
. "$boot/service.sh"
. "$boot/health.sh"

say "node $NODE_ID ($NODE_ROLES) of cluster $CLUSTER_NAME"
read_instance
attach_interface
attach_volume
create_user
mount_volume
fetch_certificates
install_software
write_configuration
format_storage
start_services
wait_until_healthy "$formatted_now"

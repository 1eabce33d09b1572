# shellcheck shell=bash
# The node's data: one volume that outlives instances. It is formatted only when it is blank; anything else on it that is
# not this node's own data ends the boot before a byte is written.

# As udev of Amazon Linux names it: the serial number of the NVMe device is the volume's id without its dash.
data_device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME_ID/-/}
data_mount=/var/lib/kafka

attach_volume() {
  wait_for "$ATTACH_SECONDS" "volume $VOLUME_ID to be free" volume_is_ours_or_free
  if [ "$volume_state" = available ]; then
    aws ec2 attach-volume --volume-id "$VOLUME_ID" --instance-id "$INSTANCE_ID" --device /dev/sdf
  fi
  wait_for "$ATTACH_SECONDS" "$data_device of volume $VOLUME_ID" test -b "$data_device"
  say "volume $VOLUME_ID is attached"
}

# Sets volume_state. A lost instance keeps the volume until AWS has taken it down; nothing is ever detached by force,
# because two writers would destroy the data.
volume_is_ours_or_free() {
  local holder found
  if ! found=$(aws ec2 describe-volumes --volume-ids "$VOLUME_ID" --output text \
    --query 'Volumes[0].[State,Attachments[0].InstanceId]' 2>&1); then
    case $found in *NotFound*) refuse "volume $VOLUME_ID does not exist" ;; esac
    say "$found"
    return 1
  fi
  read -r volume_state holder <<<"$found"
  [ "$volume_state" = available ] || [ "$holder" = "$INSTANCE_ID" ]
}

mount_volume() {
  local signatures kind
  signatures=$(wipefs --no-act --noheadings --output TYPE "$data_device" | xargs)
  if [ -z "$signatures" ]; then
    say "volume $VOLUME_ID is blank: making an XFS filesystem"
    mkfs.xfs -q -L kafka "$data_device"
  else
    kind=$(blkid --probe --match-tag TYPE --output value "$data_device" || true)
    [ "$kind" = xfs ] || refuse "volume $VOLUME_ID holds $signatures, not this node's XFS filesystem: left as it is"
    say "volume $VOLUME_ID keeps its filesystem"
  fi
  # A mount point without the disk must never fill the root disk.
  install -d -m 0000 "$data_mount"
  mount -t xfs -o noatime,nodiratime "$data_device" "$data_mount" ||
    refuse "volume $VOLUME_ID has an XFS filesystem that cannot be mounted: left as it is"
  refuse_foreign_data
  # A volume that was enlarged since: the filesystem follows.
  xfs_growfs "$data_mount" >/dev/null
  printf 'UUID=%s %s xfs noatime,nodiratime,nofail,x-systemd.device-timeout=60 0 0\n' \
    "$(blkid --match-tag UUID --output value "$data_device")" "$data_mount" >>/etc/fstab
  chown kafka:kafka "$data_mount"
  chmod 0750 "$data_mount"
}

refuse_foreign_data() {
  local meta=$data_mount/data/meta.properties found
  if [ ! -f "$meta" ]; then
    found=$(find "$data_mount" -mindepth 1 -maxdepth 1 ! -name formatting -printf '%f ' -quit)
    [ -z "$found" ] || refuse_volume "holds files that are not Kafka's ($found...)"
    return 0
  fi
  found=$(sed -n 's/^cluster\.id=//p' "$meta")
  [ "$found" = "$CLUSTER_ID" ] || refuse_volume "belongs to cluster id $found, not $CLUSTER_ID"
  found=$(sed -n 's/^node\.id=//p' "$meta")
  [ "$found" = "$NODE_ID" ] || refuse_volume "belongs to node $found, not $NODE_ID"
}

refuse_volume() {
  umount "$data_mount"
  refuse "volume $VOLUME_ID $1: left as it is"
}

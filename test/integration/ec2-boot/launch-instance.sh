#!/usr/bin/env bash
# launch-instance.sh ROOT AWS_FOLDER INSTANCE_ID USER_DATA HOSTS
# Runs as the first process of an instance's own process, mount and network namespaces: makes a root disk in memory with this
# machine's programs read-only, runs the user data in it as cloud-init would, and stays. What the instance wrote outside of
# its volume is gone when it ends.
set -euo pipefail
root=$1 aws=$2 instance=$3 user_data=$4 hosts=$5
doubles=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/doubles

mount --make-rprivate /
mount -t tmpfs -o mode=0755 tmpfs "$root"
mkdir -p "$root"/{usr,etc,dev/disk/by-id,dev/shm,proc,sys,run,tmp,opt,aws,doubles,var/lib,var/log,var/tmp,root,home}
mkdir -p "$root"/etc/{systemd/system,sysctl.d}
chmod 1777 "$root/tmp" "$root/var/tmp"
mount --rbind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
for place in bin sbin lib lib64; do
  if [ -L "/$place" ]; then ln -s "$(readlink "/$place")" "$root/$place"; elif [ -d "/$place" ]; then
    mkdir "$root/$place"
    mount --bind "/$place" "$root/$place"
  fi
done
for place in alternatives ld.so.cache ld.so.conf ld.so.conf.d login.defs nsswitch.conf pam.d security ssl passwd group shadow \
  default java-* mke2fs.conf; do
  for path in /etc/$place; do [ ! -e "$path" ] || cp -a "$path" "$root/etc/"; done
done
cp "$hosts" "$root/etc/hosts"
for device in null zero random urandom full tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --bind "$aws" "$root/aws"
mount --bind "$doubles" "$root/doubles"
echo "$instance" >"$root/run/instance-id"
cp "$user_data" "$root/var/lib/user-data"

# The double of AWS must know the instance before its first call.
until [ -e "$(dirname "$user_data")/known" ]; do sleep 0.02; done
exec chroot "$root" /usr/bin/env -i PATH=/doubles:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
  bash /doubles/first-process

# shellcheck shell=bash
# Kafka's settings and the identity on the volume: cluster id, node id and, for the first controllers, the voters.

write_configuration() {
  install -d -o root -g kafka -m 0750 /etc/kafka
  { cat /etc/headroom/server.properties && printf 'broker.rack=%s\n' "$ZONE_ID"; } >/etc/kafka/server.properties
  grep '^ssl\.[kt]' /etc/kafka/server.properties >/etc/kafka/client.properties
  echo 'security.protocol=SSL' >>/etc/kafka/client.properties
}

# Formats into a folder of another name, so that a boot cut short here leaves nothing that looks like data.
format_storage() {
  local quorum=()
  formatted_now=no
  if [ -f "$data_mount/data/meta.properties" ]; then
    say "the volume is formatted for cluster id $CLUSTER_ID and node $NODE_ID already"
    return 0
  fi
  case $VOTERS in
    none) ;;
    join) quorum=(--no-initial-controllers) ;;
    *) quorum=(--initial-controllers "$VOTERS") ;;
  esac
  rm -rf "$data_mount/formatting"
  sed "s|^log\.dirs=.*|log.dirs=$data_mount/formatting|" /etc/kafka/server.properties >/etc/kafka/format.properties
  kafka_tool kafka.tools.StorageTool format --cluster-id "$CLUSTER_ID" --config /etc/kafka/format.properties "${quorum[@]}"
  mv "$data_mount/formatting" "$data_mount/data"
  formatted_now=yes
}

# shellcheck shell=bash
# When CloudFormation may go on to the next node. Two cases:
# - the first nodes of a new cluster come up one after the other, so there is no majority of controllers yet: it is enough
#   that the node serves; the later ones wait for what they complete;
# - otherwise the node must have caught up in the quorum, and no partition of the cluster may lack a replica.

wait_until_healthy() {
  local formatted_now=$1
  wait_for "$START_SECONDS" 'the Kafka service to listen' is_listening
  if [ "$formatted_now" = yes ] && ! majority_listens; then
    say 'no majority of controllers is there yet: the nodes that follow complete it'
    return 0
  fi
  wait_for "$HEALTH_SECONDS" 'a healthy cluster around this node' is_healthy
}

is_listening() {
  systemctl is-active --quiet kafka.service || { say 'kafka.service is not active'; return 1; }
  answers "localhost:$LISTEN_PORT"
}

majority_listens() {
  local controller all=0 there=0
  for controller in ${CONTROLLERS//,/ }; do
    all=$((all + 1))
    if answers "$controller"; then there=$((there + 1)); fi
  done
  [ $((there * 2)) -gt "$all" ]
}

is_healthy() { systemctl is-active --quiet kafka.service && is_caught_up && has_all_replicas; }

# A controller as voter, a broker as observer, at most ten records of metadata behind the leader, which writes two a second
# at rest. By directory id too: after the loss of a volume the quorum knows two of this node until the old voter is removed.
is_caught_up() {
  local table directory status lag
  directory=$(sed -n 's/^directory\.id=//p' "$data_mount/data/meta.properties")
  table=$(kafka_tool org.apache.kafka.tools.MetadataQuorumCommand --bootstrap-controller "$CONTROLLERS" \
    --command-config /etc/kafka/client.properties describe --replication 2>&1) || { say 'no quorum answers yet'; return 1; }
  read -r lag status < <(awk -v node="$NODE_ID" -v directory="$directory" \
    '$1 == node && $2 == directory { print $4, $NF }' <<<"$table"; echo)
  [ -n "$lag" ] || { say 'the quorum does not know this node yet'; return 1; }
  case $NODE_ROLES:$status in *controller:Observer) say 'the node is no voter yet'; return 1 ;; esac
  [ "$lag" -le 10 ] || { say "the node lags $lag records of metadata"; return 1; }
}

# Of the whole cluster, asked of this node's own broker, which so proves that it serves; a controller alone has none.
has_all_replicas() {
  local missing
  [ -n "$BROKER_ADDRESS" ] || return 0
  missing=$(kafka_tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$BROKER_ADDRESS" \
    --command-config /etc/kafka/client.properties --describe --under-replicated-partitions 2>&1) ||
    { say 'the broker does not answer yet'; return 1; }
  missing=$(grep --count 'Partition:' <<<"$missing") || true
  [ "$missing" -eq 0 ] || { say "$missing partitions lack a replica"; return 1; }
}

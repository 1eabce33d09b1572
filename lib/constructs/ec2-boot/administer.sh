#!/usr/bin/env bash
# shellcheck source-path=SCRIPTDIR
# Brings the plan's topics and the grants' access rules into the cluster. Run on one broker by Systems Manager after each
# deployment that changes them; every call may be repeated.
#   administer.sh topic NAME PARTITIONS REPLICAS SETTING=VALUE...
#   administer.sh access PRINCIPAL OPERATION,... topic|group|cluster|transactional-id literal|prefixed NAME
set -euo pipefail
boot=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. /etc/headroom/node.env
. "$boot/signal.sh"
. "$boot/software.sh"
trap 'code=$?; [ "$code" -eq 0 ] || say "${reason:-stopped with exit code $code}"' EXIT

admin() {
  local tool=$1
  shift
  kafka_tool "$tool" --bootstrap-server "$BROKER_ADDRESS" \
    --command-config /etc/kafka/client.properties "$@"
}

# A topic that is there already gets the partitions it lacks and the settings of the plan; none is ever made smaller.
ensure_topic() {
  local name=$1 partitions=$2 replicas=$3 setting said present configs=() settings=''
  shift 3
  for setting in "$@"; do
    configs+=(--config "$setting")
    # Brackets keep a value with a comma in one piece.
    settings+=",${setting%%=*}=[${setting#*=}]"
  done
  said=$(admin org.apache.kafka.tools.TopicCommand --create --if-not-exists --topic "$name" --partitions "$partitions" \
    --replication-factor "$replicas" "${configs[@]}")
  case $said in *"Created topic $name"*) say "made topic $name" && return 0 ;; esac
  present=$(admin org.apache.kafka.tools.TopicCommand --describe --topic "$name" |
    sed -n 's/.*PartitionCount: \([0-9]*\).*/\1/p')
  if [ "$present" -lt "$partitions" ]; then
    admin org.apache.kafka.tools.TopicCommand --alter --topic "$name" --partitions "$partitions"
  fi
  [ -z "$settings" ] ||
    admin kafka.admin.ConfigCommand --alter --entity-type topics --entity-name "$name" --add-config "${settings#,}"
  say "topic $name was there"
}

allow() {
  local principal=$1 operations=$2 kind=$3 pattern=$4 name=$5 operation
  local rule=(--add --allow-principal "User:$principal")
  for operation in ${operations//,/ }; do rule+=(--operation "$operation"); done
  if [ "$kind" = cluster ]; then rule+=(--cluster); else rule+=("--$kind" "$name" --resource-pattern-type "$pattern"); fi
  admin org.apache.kafka.tools.AclCommand "${rule[@]}"
}

[ -n "$BROKER_ADDRESS" ] || refuse "node $NODE_ID is no broker"
wait_for "$HEALTH_SECONDS" 'the broker to listen' answers "$BROKER_ADDRESS"
case $1 in
  topic) ensure_topic "${@:2}" ;;
  access) allow "${@:2}" ;;
  *) refuse "administer.sh knows topic and access, not $1" ;;
esac

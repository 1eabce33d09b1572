# shellcheck shell=bash
# What boot says and waits for: lines for the log of cloud-init, one signal for CloudFormation, and why it ended.

say() { printf 'headroom: %s\n' "$*"; }

reason=''

# A state that waiting does not mend and that must not be overwritten: somebody has to look.
refuse() {
  reason=$*
  exit 78
}

# Something that should have happened by now.
give_up() {
  reason=$*
  exit 75
}

# wait_for SECONDS WHAT COMMAND...: until COMMAND succeeds, looking every second.
wait_for() {
  local seconds=$1 what=$2 deadline=$((SECONDS + $1))
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || give_up "waited $seconds s for $what"
    sleep 1
  done
}

# answers HOST:PORT: whether something listens there.
answers() { timeout 2 bash -c "exec 3<>/dev/tcp/${1%:*}/${1##*:}" 2>/dev/null; }

# The one way out. A signal that nobody waits for (an instance replaced outside of a deployment) is refused by
# CloudFormation; that says nothing about the node.
end_boot() {
  local code=$1 success=true
  if [ "$code" -ne 0 ]; then
    success=false
    reason=${reason:-"boot ended with exit code $code, see /var/log/cloud-init-output.log"}
  fi
  say "${reason:-the node is up}"
  cfn-signal --success "$success" --reason "node $NODE_ID: ${reason:-up}" --id "${INSTANCE_ID:-unknown}" \
    --stack "$STACK_NAME" --resource "$RESOURCE_ID" --region "$AWS_REGION" || say "nobody waits for the signal"
  exit "$code"
}

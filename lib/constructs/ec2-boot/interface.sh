# shellcheck shell=bash
# The node's address: a network interface that outlives instances, so the name in DNS and every voter stay valid.

attach_interface() {
  local address
  wait_for "$ATTACH_SECONDS" "network interface $INTERFACE_ID to be free" interface_is_ours_or_free
  if [ "$interface_state" = available ]; then
    aws ec2 attach-network-interface --network-interface-id "$INTERFACE_ID" --instance-id "$INSTANCE_ID" --device-index 1
  fi
  address=$(aws ec2 describe-network-interfaces --network-interface-ids "$INTERFACE_ID" --output text \
    --query 'NetworkInterfaces[0].PrivateIpAddress')
  # Amazon Linux configures the address and its routes itself (amazon-ec2-net-utils).
  wait_for "$ATTACH_SECONDS" "address $address on this instance" has_address "$address"
  say "address $address"
}

has_address() { ip -oneline -4 address show | grep --quiet --fixed-strings " $1/"; }

# Sets interface_state. A lost instance keeps the interface until AWS has taken it down.
interface_is_ours_or_free() {
  local holder found
  if ! found=$(aws ec2 describe-network-interfaces --network-interface-ids "$INTERFACE_ID" --output text \
    --query 'NetworkInterfaces[0].[Status,Attachment.InstanceId]' 2>&1); then
    case $found in *NotFound*) refuse "network interface $INTERFACE_ID does not exist" ;; esac
    say "$found"
    return 1
  fi
  read -r interface_state holder <<<"$found"
  [ "$interface_state" = available ] || [ "$holder" = "$INSTANCE_ID" ]
}

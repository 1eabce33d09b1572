# shellcheck shell=bash
# What the instance knows of itself, from its metadata service, version 2 only.

read_instance() {
  local token
  token=$(curl --silent --show-error --fail --max-time 5 --retry 10 --retry-connrefused --request PUT \
    --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
  INSTANCE_ID=$(metadata "$token" instance-id)
  # The id of the zone, not its name: it means the same in every account, as broker.rack does on MSK.
  ZONE_ID=$(metadata "$token" placement/availability-zone-id)
  say "instance $INSTANCE_ID in $ZONE_ID"
}

metadata() {
  curl --silent --show-error --fail --max-time 5 --retry 3 --header "X-aws-ec2-metadata-token: $1" \
    "http://169.254.169.254/latest/meta-data/$2"
}

#!/usr/bin/env bash
# make-certificates.sh FOLDER CLUSTER NODE_ID... [-- CLIENT...]
# Makes an authority of your own in FOLDER (once; keep its key off line), a certificate for each node and client of the
# cluster, and stores them in AWS Secrets Manager under headroom/CLUSTER/. What FOLDER holds already is kept, so that nodes
# and clients can be added later; delete a .pem to renew it. Needs openssl and the AWS CLI with credentials.
#   make-certificates.sh ~/kafka-ca course-events-1 1001 1002 1003 1 2 3 -- MyApp-Producer-Role
set -euo pipefail
umask 0077

if [ $# -lt 3 ]; then
  sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
folder=$1 cluster=$2
shift 2
mkdir -p "$folder"
cd "$folder"

if [ ! -f authority.key ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 3650 -subj "/CN=$cluster authority" \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout authority.key -out authority.pem 2>/dev/null
fi

# sign NAME COMMON_NAME EXTENSIONS: key and certificate in one PEM, as Kafka reads it.
sign() {
  local name=$1 common_name=$2 extensions=$3
  [ ! -f "$name.pem" ] || return 0
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj "/CN=$common_name" \
    -keyout "$name.key" -out "$name.csr" 2>/dev/null
  openssl x509 -req -in "$name.csr" -CA authority.pem -CAkey authority.key -CAcreateserial -days 397 \
    -extfile <(printf '%s\n' "$extensions") -out "$name.crt" 2>/dev/null
  cat "$name.key" "$name.crt" >"$name.pem"
  rm "$name.key" "$name.csr" "$name.crt"
}

store() {
  local secret=headroom/$cluster/$1
  if aws secretsmanager describe-secret --secret-id "$secret" >/dev/null 2>&1; then
    aws secretsmanager put-secret-value --secret-id "$secret" --secret-string "file://$2" >/dev/null
  else
    aws secretsmanager create-secret --name "$secret" --secret-string "file://$2" >/dev/null
  fi
  echo "$secret"
}

store authority authority.pem
kind=node
for name in "$@"; do
  if [ "$name" = -- ]; then
    kind=client
  elif [ "$kind" = node ]; then
    host=node-$name.$cluster.kafka.internal
    sign "node-$name" "$host" "subjectAltName=DNS:$host"
    store "node-$name" "node-$name.pem"
  else
    sign "client-$name" "$name" 'extendedKeyUsage=clientAuth'
    store "client-$name" "client-$name.pem"
  fi
done

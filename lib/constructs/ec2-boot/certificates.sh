# shellcheck shell=bash
# The node's key and certificate: one secret that only this node's role may read, and the certificate of the authority.
# They live in memory (/run) alone; unit files and user data name the secret, never its value.

fetch_certificates() {
  local folder=/run/kafka-tls
  install -d -o kafka -g kafka -m 0500 "$folder"
  # The service unit runs this again after a reboot, which empties /run.
  read_secret "$NODE_SECRET" "$folder/node.pem" 'PRIVATE KEY'
  read_secret "$AUTHORITY_SECRET" "$folder/authority.pem" 'CERTIFICATE'
  openssl x509 -in "$folder/node.pem" -noout -checkhost "$NODE_HOST" | grep --quiet 'does match' ||
    refuse "the certificate in $NODE_SECRET is not for $NODE_HOST"
  openssl verify -CAfile "$folder/authority.pem" "$folder/node.pem" >/dev/null 2>&1 ||
    refuse "the certificate in $NODE_SECRET is expired or not signed by the one in $AUTHORITY_SECRET"
}

# read_secret NAME FILE EXPECTED
read_secret() {
  (umask 0377 && aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text >"$2.new") ||
    give_up "secret $1 could not be read"
  chown kafka:kafka "$2.new"
  mv --force "$2.new" "$2"
  grep --quiet -- "-----BEGIN .*$3-----" "$2" || refuse "secret $1 holds no PEM with a $3"
}

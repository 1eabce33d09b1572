# shellcheck shell=bash
# Java from the repository that the machine image is locked to; Kafka and the exporters from the user's own bucket, each held
# to the SHA-512 of the template before it is unpacked.

create_user() {
  getent passwd kafka >/dev/null || useradd --system --user-group --home-dir /nonexistent --shell /sbin/nologin kafka
}

install_software() {
  local stage
  stage=$(mktemp -d)
  # Amazon Linux 2023 pins its package versions by the image, so the same image gives the same Java.
  command -v java >/dev/null || dnf install --assumeyes --quiet "$JAVA_PACKAGE"
  fetch_artifact "$KAFKA_URI" "$KAFKA_SHA512" "$stage/kafka"
  fetch_artifact "$JMX_EXPORTER_URI" "$JMX_EXPORTER_SHA512" "$stage/jmx-exporter.jar"
  fetch_artifact "$NODE_EXPORTER_URI" "$NODE_EXPORTER_SHA512" "$stage/node-exporter"
  mkdir -p /opt/kafka /opt/node-exporter
  tar --extract --file "$stage/kafka" --directory /opt/kafka --strip-components 1 --no-same-owner
  tar --extract --file "$stage/node-exporter" --directory /opt/node-exporter --strip-components 1 --no-same-owner
  install -m 0644 "$stage/jmx-exporter.jar" /opt/kafka/jmx-exporter.jar
  rm -r "$stage"
}

# fetch_artifact URI SHA512 FILE
fetch_artifact() {
  aws s3 cp --only-show-errors "$1" "$3" || give_up "$1 could not be read"
  printf '%s  %s\n' "$2" "$3" | sha512sum --check --status || refuse "$1 does not have the SHA-512 of the template"
}

# kafka_tool CLASS ARGUMENTS...: one of Kafka's own tools, as the user that owns the data.
kafka_tool() {
  runuser --user kafka -- java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -Dlog4j2.configurationFile="$boot/log4j2.xml" -DlogLevel=WARN -cp '/opt/kafka/libs/*' "$@"
}

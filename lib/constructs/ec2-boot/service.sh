# shellcheck shell=bash
# Kernel settings and the two services.

start_services() {
  install -m 0644 "$boot/sysctl.conf" /etc/sysctl.d/90-kafka.conf
  sysctl --quiet --load=/etc/sysctl.d/90-kafka.conf
  printf 'HEAP_MIB=%s\nJMX_PORT=%s\nNODE_EXPORTER_PORT=%s\n' "$HEAP_MIB" "$JMX_PORT" "$NODE_EXPORTER_PORT" \
    >/etc/kafka/service.env
  install -m 0644 "$boot/kafka.service" "$boot/node-exporter.service" /etc/systemd/system/
  systemctl daemon-reload
  systemctl enable --now node-exporter.service kafka.service
}

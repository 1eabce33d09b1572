/**
 * The names a runbook leaves open. In a shell block each stands as a variable in double quotes, `"$TOPIC"`, so a block runs
 * as it is once they are exported, and `headroom runbook` can write a cluster's own names in their place.
 */

export interface Placeholder {
  readonly meaning: string;
  readonly example: string;
}

export const placeholders = {
  KAFKA_BIN: { meaning: 'folder of Kafka’s command line tools', example: '/opt/kafka/bin' },
  BOOTSTRAP: { meaning: 'brokers that a client begins with', example: 'b-1.example:9094,b-2.example:9094' },
  CLIENT_CONFIG: { meaning: 'client settings file: TLS, SASL or IAM', example: 'client.properties' },
  CONTROLLERS: { meaning: 'controllers of a self-managed cluster', example: 'c-1.example:9093,c-2.example:9093' },
  BROKER: { meaning: 'id of the broker in question', example: '2' },
  METRICS: { meaning: 'address of that broker’s exporter', example: 'b-2.example:11001' },
  SERVER_CONFIG: { meaning: 'settings file of that broker, on its host', example: '/etc/kafka/server.properties' },
  LOG_DIR: { meaning: 'data folder of that broker, on its host', example: '/var/lib/kafka/data' },
  TOPIC: { meaning: 'topic in question', example: 'categoryChanged' },
  PARTITION: { meaning: 'partition in question', example: '0' },
  GROUP: { meaning: 'consumer group in question', example: 'CGR-lecture-categoryChanged' },
  PRINCIPAL: { meaning: 'user in question, without "User:"', example: 'lecture' },
  PROMETHEUS: { meaning: 'address of Prometheus', example: 'http://localhost:9090' },
  CLUSTER_ARN: { meaning: 'ARN of the MSK cluster', example: 'arn:aws:kafka:eu-central-1:111122223333:cluster/a/b' },
  CLUSTER_NAME: { meaning: 'name of the MSK cluster, as in CloudWatch', example: 'course-events-1' },
  LOG_GROUP: { meaning: 'CloudWatch log group of the MSK brokers', example: 'course-events-brokers' },
} as const satisfies Readonly<Record<string, Placeholder>>;

export type PlaceholderName = keyof typeof placeholders;
export type PlaceholderValues = Readonly<Partial<Record<PlaceholderName, string>>>;

const anyPlaceholder = new RegExp(`"\\$(${names().join('|')})"|\\$(${names().join('|')})\\b`, 'g');

export function names(): readonly PlaceholderName[] {
  return Object.keys(placeholders) as PlaceholderName[];
}

/** Placeholders of a text in the order of the table. */
export function placeholdersIn(text: string): readonly PlaceholderName[] {
  const found = new Set([...text.matchAll(anyPlaceholder)].map(([, quoted, bare]) => quoted ?? bare));
  return names().filter((name) => found.has(name));
}

/** The text with every known value in its place, quoted for a shell where it needs it; what is unknown stays as it is. */
export function fillPlaceholders(text: string, values: PlaceholderValues): string {
  return text.replaceAll(anyPlaceholder, (all, quoted?: PlaceholderName, bare?: PlaceholderName) => {
    const value = values[(quoted ?? bare) as PlaceholderName];
    if (value === undefined) return all;
    const plain = /^[\w.,:/@=+-]+$/.test(value);
    if (plain) return value;
    // Within a longer word quotes of ours would end those around it.
    return quoted === undefined ? all : `'${value.replaceAll("'", `'\\''`)}'`;
  });
}

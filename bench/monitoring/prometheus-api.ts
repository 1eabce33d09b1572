/** Asks a Prometheus as Grafana does. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: unknown;
}

/** An instant query. Throws with Prometheus's own words when the expression is wrong. */
export async function instant(url: string, expression: string): Promise<readonly Sample[]> {
  const data = (await ask(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)) as {
    resultType: string;
    result: readonly { metric: Record<string, string>; value: [number, string] }[] | [number, string];
  };
  if (data.resultType === 'scalar') return [{ labels: {}, value: Number((data.result as [number, string])[1]) }];
  const vector = data.result as readonly { metric: Record<string, string>; value: [number, string] }[];
  return vector.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** `label_values(selector, label)` of series seen in the last minute, as Grafana fills a variable. */
export async function labelValues(url: string, query: string): Promise<readonly string[]> {
  const match = /^label_values\((.*), (\w+)\)$/.exec(query);
  if (match === null) throw new Error(`not a variable query: ${query}`);
  const [, selector = '', label = ''] = match;
  const start = Date.now() / 1000 - 60;
  const found = await ask(`${url}/api/v1/label/${label}/values?match[]=${encodeURIComponent(selector)}&start=${start}`);
  return found as readonly string[];
}

/** Names of the alerts that fire now, each with the labels of its instances. */
export async function firingAlerts(
  url: string,
): Promise<readonly { readonly alert: string; readonly labels: Readonly<Record<string, string>> }[]> {
  const { alerts } = (await ask(`${url}/api/v1/alerts`)) as {
    alerts: readonly { readonly state: string; readonly labels: Readonly<Record<string, string>> }[];
  };
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels }) => ({ alert: labels.alertname ?? '', labels }));
}

async function ask(address: string): Promise<unknown> {
  const response = await fetch(address);
  const answer = (await response.json()) as Answer;
  if (answer.status !== 'success') throw new Error(`${answer.error} in ${decodeURIComponent(address)}`);
  return answer.data;
}

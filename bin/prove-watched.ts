/** A run that tells of itself while it lasts, to who scrapes it or to a Pushgateway. */
import { type MetricPush, startMetricPush } from '../bench/metrics/metric-push.ts';
import { defaultMetricsPort, startMetricServer } from '../bench/metrics/metric-server.ts';
import { type Proof, type ProveOptions, prove } from '../bench/prove.ts';
import { HeadroomError } from '../lib/errors.ts';
import { type CommandContext, integerOption, stringOption } from './command.ts';

/** Runs it; with metrics where they are asked for. Throws before the run when a port or a gateway is not to be had. */
export async function proveWatched(context: CommandContext, options: ProveOptions): Promise<Proof> {
  const gateway = pushUrl(stringOption(context, 'metrics-push'));
  const isServed = stringOption(context, 'metrics-port') !== undefined;
  if (!isServed && gateway === null) return await prove(options);
  const named = integerOption(context, 'metrics-port', { min: 1_024, max: 65_535, fallback: defaultMetricsPort });
  // Only pushed: the server takes any free port and nobody is told.
  const server = await startMetricServer({ port: isServed ? named : 0, slo: options.plan.slo });
  let push: MetricPush | null = null;
  try {
    if (gateway !== null) push = await startMetricPush(server, { url: gateway, cluster: options.plan.useCase });
    return await prove({ ...options, observer: server.observer });
  } finally {
    const missed = (await push?.close()) ?? null;
    if (missed !== null) context.stderr(`--metrics-push: ${missed}\n`);
    await server.close();
  }
}

function pushUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return text;
  throw new HeadroomError('USAGE', `--metrics-push: expected the address of a Pushgateway, got "${text}"`, {
    hint: 'for instance --metrics-push http://pushgateway:9091',
  });
}

/**
 * The shape of a use case file: the one place that knows its keys, their defaults and what they mean.
 * The JSON Schema for editors is generated from it. Rules that join several keys are in `rules.ts`.
 */
import { z } from 'zod';
import { buffer, choice, duration, text, usdPerMonth, wholeNumber } from './fields.ts';
import { topicSchema } from './topic-schema.ts';
import { survivals, targets } from './types.ts';

const cluster = z.strictObject({
  target: choice(targets, {
    description: 'Where the cluster runs. Proving it locally needs no other value. Default: msk.',
    examples: ['msk'],
  }).prefault('msk'),
  region: text('an AWS region such as us-east-1', /^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$/, {
    description: 'AWS region. Without it nothing that depends on a region (prices, zones) is computed.',
    examples: ['us-east-1'],
  }).optional(),
  zones: wholeNumber(1, 6, { description: 'Availability zones to spread over. Default: 3.', examples: [3] }).prefault(
    3,
  ),
  brokers: wholeNumber(1, 1000, {
    description: 'Number of brokers. Without it the plan chooses.',
    examples: [3],
  }).optional(),
  survive: choice(survivals, {
    description: 'The loss after which capacity and guarantees must still hold. Default: broker.',
    examples: ['broker', 'zone'],
  }).prefault('broker'),
});

const storage = z.strictObject({
  buffer: buffer({
    description: 'Space kept free beside the retained data: a size, or a share of it. Default: 0 B.',
    examples: ['5 GB', '20%'],
  }).prefault('0 B'),
});

const slo = z.strictObject({
  publish: z
    .strictObject({
      p99: duration('us', {
        description: '99th percentile from the due time of a send to its ack.',
        examples: ['250ms'],
      }),
    })
    .meta({ description: 'Latency of publishing.' })
    .optional(),
  endToEnd: z
    .strictObject({
      p99: duration('us', {
        description: '99th percentile from the due time of a send to its reading.',
        examples: ['500ms'],
      }),
    })
    .meta({ description: 'Latency from producer to consumer.' })
    .optional(),
  lag: z
    .strictObject({
      max: wholeNumber(0, Number.MAX_SAFE_INTEGER, {
        description: 'Messages a consumer group may be behind at any time.',
        examples: [5000],
      }),
    })
    .meta({ description: 'How far consumers may fall behind.' })
    .optional(),
  cost: z
    .strictObject({ max: usdPerMonth({ description: 'Monthly cost.', examples: ['2000 USD/month'] }) })
    .meta({ description: 'What the cluster may cost.' })
    .optional(),
});

export const useCaseSchema = z
  .strictObject({
    apiVersion: choice(['headroom/v1'], { description: 'Version of this format.', examples: ['headroom/v1'] }),
    useCase: text('a name of 1 to 100 lower-case letters, digits and "-"', /^[a-z0-9][a-z0-9-]{0,99}$/, {
      description: 'Name of the use case; results are filed under it.',
      examples: ['course-events'],
    }),
    description: text('text', null, {
      description: 'One sentence about it.',
      examples: ['Category changes flow to the lecture service'],
    }).prefault(''),
    cluster: cluster.meta({ description: 'The cluster to plan for.' }).prefault({}),
    storage: storage.meta({ description: 'Storage beside what is retained.' }).prefault({}),
    topics: z.array(topicSchema).min(1).meta({ description: 'The topics, at least one.' }),
    slo: slo.meta({ description: 'What is measured and judged. What is left out is not judged.' }).prefault({}),
  })
  .meta({
    title: 'Headroom use case',
    description: 'What a Kafka cluster must hold, as Headroom plans and proves it.',
  });

/** A use case file as it was read: defaults filled in, units parsed, keys not yet held against each other. */
export type UseCaseFile = z.output<typeof useCaseSchema>;

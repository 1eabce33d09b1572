/**
 * The shape of one topic of a use case file; see `schema.ts` for the whole.
 */
import { z } from 'zod';
import { choice, duration, flag, growth, rate, ratio, size, text, wholeNumber } from './fields.ts';
import { compressions, handovers, reuses } from './types.ts';

const fieldName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

const message = z.strictObject({
  // Kafka counts the bytes of a record in 32 bits.
  size: size(1, 2_147_483_647, {
    description: 'Key and value of one message, without headers and without what Kafka adds.',
    examples: ['200 B', '1 KB'],
  }),
  key: text('the name of a field, such as categoryId', fieldName, {
    description:
      'Field that is the record key: messages with the same key keep their order. Without it records have no key.',
    examples: ['categoryId'],
  }).optional(),
  compression: choice(compressions, {
    description: 'How producers compress. Default: none.',
    examples: ['none', 'zstd'],
  }).prefault('none'),
  ratio: ratio({
    description: 'Compressed size / original size, above 0 and at most 1. Default: 1.',
    examples: [1, '40%'],
  }).prefault(1),
  private: z
    .array(
      text('the name of a field, such as phone', fieldName, {
        description: 'A field with personal data: its raw value must appear nowhere.',
        examples: ['phone'],
      }),
    )
    .meta({
      description: 'Fields with personal data that must not appear in the topic, a log or a report. Default: none.',
    })
    .prefault([]),
  envelope: flag({
    description:
      'The payload is the event envelope (eventType, timestamp, jobType, ...) padded to size. Default: true when private fields are listed, otherwise false.',
    examples: [true],
  }).optional(),
});

const produce = z.strictObject({
  rate: rate({
    description: 'Average rate at which the topic is written, in messages or bytes.',
    examples: ['200/s', '12000/min', '50 MB/s'],
  }),
  peak: rate({ description: 'Highest rate to be held. Default: the average rate.', examples: ['1000/s'] }).optional(),
  producers: wholeNumber(1, 10_000, {
    description: 'Producers that write at the same time. Default: 1.',
    examples: [4],
  }).prefault(1),
  growth: growth({
    description: 'Growth of the rates, compounding monthly. Default: 0%/month.',
    examples: ['5%/month'],
  }).prefault('0%/month'),
});

const retention = z.strictObject({
  time: duration('ms', { description: 'How long messages are kept.', examples: ['5d', '12h'] }).optional(),
  guaranteed: duration('ms', {
    description: 'How long they are kept even after the loss named in survive. At most time.',
    examples: ['3d'],
  }).optional(),
  cleanup: choice(['delete', 'compact'], {
    description: 'delete: drop what is older than time. compact: keep the last message of each key. Default: delete.',
    examples: ['delete'],
  }).prefault('delete'),
  keys: wholeNumber(1, Number.MAX_SAFE_INTEGER, {
    description: 'Number of distinct keys; for cleanup: compact.',
    examples: [1_000_000],
  }).optional(),
});

const guarantee = z.strictObject({
  loss: choice(['never', 'leaderFailure', 'allowed'], {
    description:
      'When an acknowledged message may be lost: never, when the leader of a partition fails, or any time. Default: never.',
    examples: ['never'],
  }).prefault('never'),
  duplicates: choice(['never', 'allowed'], {
    description: 'Whether a message may be stored twice. Default: allowed.',
    examples: ['allowed'],
  }).prefault('allowed'),
  order: choice(['key', 'none'], {
    description:
      'Whether messages with the same key keep their order. Default: key when message.key is given, otherwise none.',
    examples: ['key'],
  }).optional(),
});

const serviceName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

const consumer = z.strictObject({
  service: text('a service name of letters, digits, ".", "_" and "-"', serviceName, {
    description: 'The service that reads; it gives the consumer group its name.',
    examples: ['lecture'],
  }),
  rate: rate({ description: 'What ONE thread of the consumer handles.', examples: ['100/s'] }),
  threads: wholeNumber(1, 100_000, {
    description: 'Threads that the service runs, over all its instances. Default: as many as are needed.',
    examples: [10],
  }).optional(),
  catchUp: z
    .strictObject({
      outage: duration('ms', { description: 'How long the consumer may have been away.', examples: ['1h'] }),
      within: duration('ms', { description: 'How soon it must have caught up after that.', examples: ['30m'] }),
    })
    .meta({
      description: 'How fast the consumer must recover from an outage. Without it no reserve is planned for that.',
    })
    .optional(),
});

export const topicSchema = z
  .strictObject({
    service: text('a service name of letters, digits, ".", "_" and "-"', serviceName, {
      description: 'The service that writes. With entity and action it gives the topic its name.',
      examples: ['category'],
    }).optional(),
    entity: text('an entity such as Category', /^[A-Za-z][A-Za-z0-9_-]*$/, {
      description: 'What the event is about; may be left out.',
      examples: ['Category'],
    }).optional(),
    action: text('an action such as Changed', /^[A-Za-z][A-Za-z0-9]*$/, {
      description: 'What happened to it, in the past tense.',
      examples: ['Changed', 'PaymentApproved'],
    }).optional(),
    // Kafka's own limits are rules of `naming.ts`, which can say more about them than a pattern.
    name: text('a topic name such as categoryChanged', null, {
      description:
        'The name itself: checked against the naming rule when service and action are given, otherwise used as it is.',
      examples: ['categoryChanged'],
    }).optional(),
    message: message.meta({ description: 'What one message is like.' }),
    produce: produce.meta({ description: 'How much is written.' }),
    handover: choice(handovers, {
      description: 'How the history is handed over: through Kafka, as log files, or by API. Default: kafka.',
      examples: ['kafka'],
    }).prefault('kafka'),
    retention: retention.meta({ description: 'How long it is kept.' }),
    reuse: z
      .array(choice(reuses, { description: 'What the log will be used for later.', examples: ['replay'] }))
      .meta({
        description: 'replay: read again from the beginning; newConsumers: services added later. Default: none.',
      })
      .prefault([]),
    replicas: wholeNumber(1, 32_767, {
      description: 'Copies of each partition. Default: 3, or 1 with survive: none.',
      examples: [3],
    }).optional(),
    guarantee: guarantee.meta({ description: 'What producers must be able to rely on.' }).prefault({}),
    consumers: z
      .array(consumer)
      .meta({ description: 'The services that read the topic, each with its own consumer group. Default: none.' })
      .prefault([]),
  })
  .meta({ anyOf: [{ required: ['service', 'action'] }, { required: ['name'] }] });

/** A topic as it was read: defaults filled in, units parsed. */
export type TopicEntry = z.output<typeof topicSchema>;

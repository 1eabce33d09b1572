/** Consumer groups that stall, lag, go back or are overtaken by retention: real members with real commits. */
import { type ActiveFault, anywhere, type Fault } from './fault.ts';
import type { Reader } from './reader.ts';
import type { FaultWorld } from './world.ts';

/** A group with a backlog falls under several rules, whose seconds are minutes in life. */
const ofBacklog = [
  'KafkaConsumerStalled',
  'KafkaConsumerSlow',
  'KafkaConsumerLagOverObjective',
  'KafkaConsumerLagTime',
] as const;
/** Of a load of 200 records a second, this leaves the member a quarter. */
const slowPerRecordMs = 20;

export const consumerStalled: Fault = {
  id: 'consumer-stalled',
  consequences: ofBacklog,
  probe: anywhere,
  inject: async ({ reader }) => stall(reader),
};

function stall(reader: Reader): ActiveFault {
  reader.stall();
  const readBefore = reader.read;
  return {
    evidence: async () =>
      `${reader.group} is a member and read ${reader.read - readBefore} records since it was stalled`,
    heal: async () => reader.resume(),
  };
}

export const consumerSlow: Fault = {
  id: 'consumer-slow',
  consequences: ofBacklog,
  probe: anywhere,
  inject: async ({ reader }) => {
    reader.slowDown(slowPerRecordMs);
    const [readBefore, sinceMs] = [reader.read, performance.now()];
    return {
      evidence: async () => {
        const perSec = ((reader.read - readBefore) * 1000) / (performance.now() - sinceMs);
        return `${reader.group} handles ${perSec.toFixed(0)} records/s`;
      },
      heal: async () => reader.resume(),
    };
  },
};

export const consumerRewound: Fault = {
  id: 'consumer-rewound',
  consequences: ofBacklog,
  probe: anywhere,
  inject: async ({ reader }) => {
    await reader.rewind();
    return {
      evidence: async () => `${reader.group} was reset to the oldest offset of every partition and reads again`,
      // What was read again cannot be unread: the group catches up by itself.
      heal: async () => {},
    };
  },
};

export const retentionOvertakes: Fault = {
  id: 'retention-overtakes',
  consequences: ofBacklog,
  probe: anywhere,
  inject: async ({ shortReader }: FaultWorld) => stall(shortReader),
};

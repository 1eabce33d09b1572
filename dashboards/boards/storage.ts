import { dataFileSystems } from '../../lib/metrics/signals/storage.ts';
import { type Board, lines, query } from '../board.ts';

const free = `<diskFree|${dataFileSystems}>`;
const size = `<diskSize|${dataFileSystems}>`;
/** Of any broker; which file system holds the data need not be known. */
export const fullestDisk = `max(1 - ${free} / ${size})`;

export const storage: Board = {
  id: 'storage',
  title: 'Kafka / Storage and retention',
  description: 'How full the disks are, how many days are left, what holds the bytes.',
  variables: ['broker', 'topic'],
  rows: [
    {
      title: 'Disks',
      panels: [
        lines('Used', [query(`max by (broker) (1 - ${free} / ${size})`, '{{broker}}', 'some')], {
          description: 'Share used of the fullest file system. 85 % is the line of AWS for data logs.',
          unit: 'ratio',
          limits: { warn: 0.6, bad: 0.85, worse: 'above' },
          alert: 'KafkaDiskCritical',
        }),
        lines(
          'Time left',
          [
            query(
              `min by (broker) (clamp_max(${free} / clamp_min(-deriv(${free}[1h]), 1), 31536000))`,
              '{{broker}}',
              'some',
            ),
          ],
          {
            description: 'Until the disk is full at the pace of the last hour; a year stands for never.',
            unit: 'seconds',
            limits: { warn: 604_800, bad: 86_400, worse: 'below' },
            alert: 'KafkaDiskWillFill',
          },
        ),
        lines(
          'Disk traffic',
          [
            query('sum by (broker) (rate(<diskWritten>[$__rate_interval]))', 'written {{broker}}', 'some'),
            query('sum by (broker) (rate(<diskRead>[$__rate_interval]))', 'read {{broker}}', 'some'),
          ],
          { description: 'Reads mean that consumers have left the page cache.', unit: 'bytesPerSec' },
        ),
        lines('Disks busy', [query('max by (broker) (rate(<diskBusy>[$__rate_interval]))', '{{broker}}', 'some')], {
          description: 'Share of the time with work, of the busiest disk.',
          unit: 'ratio',
          limits: { warn: 0.7, bad: 0.9, worse: 'above' },
        }),
      ],
    },
    {
      title: 'Logs',
      panels: [
        lines(
          'Logs of a broker',
          [
            query('sum by (broker) (<logSize>)', 'broker {{broker}}', 'perBroker'),
            query('max(<plannedProvisionedBytesPerBroker>)', 'volume of the plan', 'one'),
          ],
          { description: 'Segments of all partitions, without index files.', unit: 'bytes', detail: 'capacity' },
        ),
        lines(
          'Logs of a topic',
          [query('sum by (topic) (<logSize|topic=~"$topic",topic!="__cluster_metadata">)', '{{topic}}', 'perTopic')],
          {
            description: 'All replicas on the chosen brokers.',
            unit: 'bytes',
            detail: 'topics',
          },
        ),
        lines(
          'Growth of a topic',
          [
            query(
              'sum by (topic) (deriv(<logSize|topic=~"$topic",topic!="__cluster_metadata">[5m]))',
              '{{topic}}',
              'perTopic',
            ),
          ],
          { description: 'Around 0 once retention deletes as much as is written.', unit: 'bytesPerSec' },
        ),
        lines(
          'Deleted by retention',
          [
            query(
              'sum by (topic) (rate(<logStart|topic=~"$topic",topic!="__cluster_metadata">[5m]))',
              '{{topic}}',
              'perTopic',
            ),
          ],
          { description: 'Records a second that fall out at the old end, all replicas.', unit: 'recordsPerSec' },
        ),
        lines(
          'Trouble',
          [
            query('sum by (broker) (<offlineLogDirs>)', 'failed disks {{broker}}', 'perBroker'),
            query('sum by (broker) (<deadCleaners>)', 'dead cleaners {{broker}}', 'perBroker'),
            query('sum by (broker) (<uncleanablePartitions>)', 'uncleanable {{broker}}', 'perBroker'),
            query('sum by (broker) (<offlineReplicas>)', 'offline replicas {{broker}}', 'perBroker'),
          ],
          {
            description: 'Everything here must be 0.',
            unit: 'count',
            limits: { warn: 1, bad: 1, worse: 'above' },
            alert: 'KafkaLogCleanerDead',
            width: 24,
          },
        ),
      ],
    },
  ],
};

/** Connections, the Java machine, the host. */
import { broker, cloudWatch, exported } from '../sources.ts';
import type { MBean, Signal } from '../types.ts';

const socket = (attribute: string): MBean => ({
  domain: 'kafka.server',
  type: 'socket-server-metrics',
  keys: { listener: '*', networkProcessor: '*' },
  attribute,
});
const perBroker = ['Cluster Name', 'Broker ID'] as const;
const provisioned = ['msk', 'msk-express'] as const;
const java = 'figures of the Java machine stay inside the broker';

export const machineSignals: readonly Signal[] = [
  broker('gauge', socket('connection-count'), {
    id: 'connections',
    meaning: 'open connections of a network thread: clients and other brokers',
    unit: 'count',
    cloudWatch: cloudWatch('ConnectionCount', 'DEFAULT', 'Maximum', perBroker, provisioned),
  }),
  broker('gauge', socket('connection-creation-rate'), {
    id: 'connectionRate',
    meaning: 'connections a second that a network thread accepts',
    unit: 'perSec',
    cloudWatch: cloudWatch('ConnectionCreationRate', 'PER_BROKER', 'Maximum', perBroker, provisioned),
  }),
  broker('gauge', socket('failed-authentication-rate'), {
    id: 'authFailures',
    meaning: 'logins a second that a network thread refused',
    unit: 'perSec',
  }),
  exported('jmx', 'gauge', 'jvm_memory_used_bytes', {
    id: 'heapUsed',
    meaning: 'heap in use, garbage included',
    unit: 'bytes',
    matchers: { area: 'heap' },
    msk: { metric: 'java_lang_Memory_HeapMemoryUsage_used', matchers: {} },
    noCloudWatch: java,
  }),
  exported('jmx', 'gauge', 'jvm_memory_max_bytes', {
    id: 'heapMax',
    meaning: 'heap a broker may use',
    unit: 'bytes',
    matchers: { area: 'heap' },
    msk: { metric: 'java_lang_Memory_HeapMemoryUsage_max', matchers: {} },
    noCloudWatch: java,
  }),
  exported('jmx', 'counter', 'jvm_gc_collection_seconds_sum', {
    id: 'gcTime',
    meaning: 'time spent collecting garbage',
    unit: 'seconds',
    noMsk: 'its name differs between versions of the exporter; heap in use shows the same trouble',
    noCloudWatch: java,
  }),
  exported('jmx', 'counter', 'process_cpu_seconds_total', {
    id: 'brokerCpu',
    meaning: 'cores that the process of a broker uses',
    unit: 'count',
    matchers: { job: 'kafka' },
    noMsk: 'node exporter has the CPU of the host, on which nothing else runs',
    noCloudWatch: 'CloudWatch has the CPU of the host: CpuUser, CpuSystem',
  }),
  exported('jmx', 'gauge', 'process_open_fds', {
    id: 'openFiles',
    meaning: 'files and connections a broker holds open',
    unit: 'count',
    matchers: { job: 'kafka' },
    msk: { metric: 'java_lang_OperatingSystem_OpenFileDescriptorCount', matchers: {} },
    noCloudWatch: java,
  }),
  exported('jmx', 'gauge', 'process_max_fds', {
    id: 'maxFiles',
    meaning: 'files and connections a broker may hold open',
    unit: 'count',
    matchers: { job: 'kafka' },
    msk: { metric: 'java_lang_OperatingSystem_MaxFileDescriptorCount', matchers: {} },
    noCloudWatch: java,
  }),
  exported('node', 'counter', 'node_cpu_seconds_total', {
    id: 'hostCpu',
    meaning: 'what the cores of a host do, by mode',
    unit: 'ratio',
    labels: ['mode'],
    noCloudWatch: 'CloudWatch has CpuUser and CpuSystem, signals of their own',
  }),
  exported('node', 'gauge', 'node_memory_MemAvailable_bytes', {
    id: 'memoryAvailable',
    meaning: 'memory of a host that programs or the page cache can still have',
    unit: 'bytes',
    noCloudWatch: 'CloudWatch has MemoryFree, which counts the page cache as used',
  }),
  exported('node', 'counter', 'node_network_receive_bytes_total', {
    id: 'networkReceived',
    meaning: 'bytes a host receives, replication included',
    unit: 'bytesPerSec',
    labels: ['device'],
  }),
  exported('node', 'counter', 'node_network_transmit_bytes_total', {
    id: 'networkSent',
    meaning: 'bytes a host sends, replication included',
    unit: 'bytesPerSec',
    labels: ['device'],
  }),
  exported('jmx', 'gauge', 'jmx_scrape_duration_seconds', {
    id: 'scrapeTime',
    meaning: 'what it takes the exporter to read a broker',
    unit: 'seconds',
  }),
  exported('prometheus', 'gauge', 'scrape_samples_scraped', {
    id: 'scrapeSeries',
    meaning: 'series that watching costs, for each target',
    unit: 'count',
    matchers: { job: 'kafka' },
    perBroker: true,
  }),
];

/** Published rules that turn traffic into brokers. What is guidance or a heuristic says so. */
import { fact } from './fact.ts';

/**
 * AWS's model of a Standard broker: bytes moved for each byte that producers send to it.
 * Volume 6.5 = 1.5 in + 1.5 replicated in + 0.5 lagging readers + 3.0 rebalancing.
 * Network 5.7 = 2.2 replicated out + 0.5 + 3.0, and 1.5 for each reader. 1.5 = one of three zones is down.
 */
export const awsStandardModel = {
  volumeBytesPerByteIn: fact(6.5, '', 'mskSizing'),
  networkBytesPerByteIn: fact(5.7, '', 'mskSizing'),
  networkBytesPerByteRead: fact(1.5, '', 'mskSizing'),
  tieredVolumeBytesPerByteIn: fact(8.0, '', 'mskSizing'),
  tieredNetworkBytesPerByteIn: fact(7.2, '', 'mskSizing'),
  utilisation: fact(0.5, '', 'mskSizing'),
  volumeFill: fact(0.5, '', 'mskSizing', 'the skill text adds 20 % instead; the fill that Headroom plans is its own'),
  primaryRetentionHours: fact(24, 'h', 'mskSimulation', 'kept locally with tiered storage'),
} as const;

export const awsExpressModel = {
  utilisation: fact(0.75, '', 'mskSizing'),
  egressPerIngress: fact(
    2,
    '',
    'mskLimits',
    'documented sustained egress; the sizing script takes 2.5 x the sustained ingress and no utilisation',
  ),
  storageCopiesBilled: fact(1, 'copies', 'mskSizing', 'the monitoring text speaks of 3 copies; the bill is taken'),
} as const;

export const rules = {
  zoneLossFactor: fact(
    1.5,
    '',
    'mskSizing',
    'three zones that lose one: the survivors carry z / (z - 1) = 3/2; a public sheet uses 1.33 = 4/3, too little',
  ),
  produceMiBpsPerVcpu: fact(
    5,
    'MiB/s',
    'akalculator',
    'a heuristic; within 1 % of what AWS sizes m7g for, up to 4xlarge',
  ),
  consumeMiBpsPerVcpu: fact(15, 'MiB/s', 'akalculator', 'a heuristic, in addition to the produce'),
  heuristicReplicas: fact(3, 'replicas', 'akalculator', 'the heuristic is stated at this replication'),
  netflixNetworkReserve: fact(1.4, '', 'netflix', '40 % for recovery'),
  netflixDiskReserve: fact(2.5, '', 'netflix'),
  loadClientInstance: fact('c5.2xlarge', '', 'mskSimulation'),
  loadClientMBps: fact(400, 'MB/s', 'mskSimulation', 'exceeds the 2.5 Gbit/s baseline of the type'),
} as const;

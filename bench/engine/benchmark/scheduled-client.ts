/** The engine on a schedule, in a process of its own so that its CPU time is its own. Its task is the first argument. */
import { produceOnSchedule } from './on-schedule.ts';
import type { ScheduledTask } from './types.ts';

const { bootstrap, schedule } = JSON.parse(process.argv[2] ?? '') as ScheduledTask;
const result = await produceOnSchedule({ bootstrap, clientId: 'benchmark-schedule' }, schedule);
process.send?.(result);
process.disconnect?.();

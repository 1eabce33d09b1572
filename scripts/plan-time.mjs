/** `node scripts/plan-time.mjs [TOPICS]`: how long a plan of 1,000 topics takes on every target; goal: 2 s for all of them. */
import { performance } from 'node:perf_hooks';
import { prepare } from './prepare.mjs';

prepare();
const { parseUseCase } = await import('../dist/lib/requirements/parse.js');
const { planUseCase } = await import('../dist/lib/plan/plan.js');
const { compareTargets } = await import('../dist/lib/plan/compare.js');

const topics = Number(process.argv[2] ?? 1000);
const topic = (index) => `  - service: service${index}
    entity: Entity
    action: Changed
    message: { size: ${100 + (index % 900)} B, key: id }
    produce: { rate: ${1 + (index % 40)}/s, peak: ${10 + (index % 400)}/s, growth: ${index % 8}%/month }
    retention: { time: ${1 + (index % 14)}d }
    consumers:
      - { service: reader${index}, rate: 100/s, catchUp: { outage: 1h, within: 30m } }
`;
const text = `apiVersion: headroom/v1
useCase: many-topics
cluster: { target: msk, region: us-east-1, zones: 3, survive: zone }
topics:
${Array.from({ length: topics }, (_, index) => topic(index)).join('')}`;

function timed(label, work) {
  const started = performance.now();
  const result = work();
  const ms = performance.now() - started;
  process.stdout.write(`${label.padEnd(34)} ${ms.toFixed(0).padStart(6)} ms\n`);
  return { ms, result };
}

const { result: requirements } = timed(`read ${topics} topics`, () => parseUseCase(text, 'many-topics.yaml'));
let total = 0;
for (const target of ['msk', 'msk-express', 'msk-serverless', 'ec2'])
  total += timed(`plan on ${target}`, () =>
    planUseCase({ ...requirements, cluster: { ...requirements.cluster, target } }),
  ).ms;
process.stdout.write(`${'plans on all four targets'.padEnd(34)} ${total.toFixed(0).padStart(6)} ms, goal 2000 ms\n`);
timed('--targets all (six, with 36 months)', () => compareTargets(requirements));

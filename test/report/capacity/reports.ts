/** Capacity reports for tests: of a use case as text, with or without a run. */

import type { Calibration } from '../../../lib/plan/calibration/types.ts';
import { compareTargets } from '../../../lib/plan/compare.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import { sensitivityOf } from '../../../lib/plan/sensitivity.ts';
import { capacityReport } from '../../../lib/report/capacity/build.ts';
import type { CapacityReport } from '../../../lib/report/capacity/types.ts';
import type { Run } from '../../../lib/report/types.ts';
import { parseUseCase } from '../../../lib/requirements/parse.ts';

export const growing = `apiVersion: headroom/v1
useCase: growing-orders
description: Orders <b>grow</b>
cluster: { target: msk, region: us-east-1, survive: zone }
storage: { buffer: 300% }
topics:
  - service: order
    action: Sent
    message: { size: 1 KB }
    produce: { rate: 4000/s, peak: 8000/s, producers: 3, growth: 5%/month }
    retention: { time: 3d }
    guarantee: { order: none }
    consumers: [{ service: billing, rate: 4000/s }]
`;

export function reportOf(text: string, run: Run | null = null, calibration: Calibration | null = null): CapacityReport {
  const requirements = parseUseCase(text, 'uc.yaml');
  return capacityReport({
    plan: planUseCase(requirements, calibration === null ? {} : { calibration }),
    targets: compareTargets(requirements),
    sensitivity: sensitivityOf(requirements),
    run,
    calibration,
  });
}

/** Reads a stored calibration, strictly, all faults at once. */
import { z } from 'zod';
import { HeadroomError } from '../../errors.ts';
import { type Calibration, calibrationSchemaVersion, workKinds } from './types.ts';

const amount = z.number().nonnegative();
const byKind = <Value extends z.ZodType>(value: Value) =>
  z.strictObject(
    Object.fromEntries(workKinds.map((kind) => [kind, value])) as Record<(typeof workKinds)[number], Value>,
  );
const error = z.strictObject({ median: amount, worst: amount });
const costs = byKind(z.strictObject({ coreSeconds: amount, low: amount, high: amount }));

const schema = z.strictObject({
  schemaVersion: z.literal(calibrationSchemaVersion),
  measuredAt: z.iso.datetime(),
  machine: z.strictObject({
    cpuModel: z.string(),
    cores: z.number().positive(),
    arch: z.string(),
    os: z.string(),
    instanceType: z.string().nullable(),
  }),
  kafkaVersion: z.string().nullable(),
  brokers: z.int().positive(),
  cpu: z.strictObject({ costs, error }).nullable(),
  cpuMissing: z.string().nullable(),
  diskError: error.nullable(),
  observations: z.array(
    z.strictObject({
      from: z.string(),
      work: byKind(amount),
      cores: amount.nullable(),
      disk: z
        .strictObject({
          messageBytes: amount,
          recordsPerBatch: amount,
          measuredBytes: z.number().positive(),
          predictedBytes: amount,
        })
        .nullable(),
    }),
  ),
  notes: z.array(z.string()),
});

/** Throws CALIBRATION_INVALID with every fault and its path. */
export function parseCalibration(text: string, file: string): Calibration {
  const parsed = schema.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw invalid(
    file,
    parsed.error.issues.map(({ path, message }) => `${path.length === 0 ? 'the file' : path.join('.')}: ${message}`),
  );
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw invalid(file, [`no JSON: ${fault instanceof Error ? fault.message : String(fault)}`]);
  }
}

function invalid(file: string, faults: readonly string[]): HeadroomError {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  return new HeadroomError(
    'CALIBRATION_INVALID',
    [`${file} has ${count}:`, ...faults.map((fault) => `  ${fault}`)].join('\n'),
    {
      hint: 'a calibration is written by headroom calibrate, not by hand',
    },
  );
}

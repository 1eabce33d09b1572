/**
 * The one error class of Headroom and its closed list of codes.
 * Only `bin/render-error.ts` turns an error into text and an exit code.
 */

/** Exit codes of every command (contract: design section 5). Missing data is never `met`. */
export const exitCodes = {
  met: 0,
  notMet: 1,
  inconclusive: 2,
  badInput: 64,
  unavailable: 69,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Every code an error can carry, with the exit code it leads to and what it means (source of docs/reference/errors.md). */
export const errorCodes = {
  USAGE: { exitCode: exitCodes.badInput, meaning: 'the command line is wrong, or asks to prove what no run can' },
  FILE_UNREADABLE: { exitCode: exitCodes.badInput, meaning: 'a file named by the user cannot be read' },
  USE_CASE_INVALID: { exitCode: exitCodes.badInput, meaning: 'the use case file has one or more faults, each listed' },
  PRICES_INVALID: { exitCode: exitCodes.badInput, meaning: 'a price table has one or more faults, each listed' },
  CALIBRATION_INVALID: {
    exitCode: exitCodes.badInput,
    meaning: 'a stored calibration has one or more faults, each listed',
  },
  CLIENT_CONFIG_INVALID: {
    exitCode: exitCodes.badInput,
    meaning: 'the file of --client-config has one or more faults, each listed',
  },
  PLAN_IMPOSSIBLE: { exitCode: exitCodes.badInput, meaning: 'no plan can satisfy the use case as written' },
  NODE_TOO_OLD: { exitCode: exitCodes.badInput, meaning: 'the Node.js version is below the one in package.json' },
  JAVA_MISSING: { exitCode: exitCodes.badInput, meaning: 'no JDK 17 or newer was found' },
  MAVEN_MISSING: {
    exitCode: exitCodes.badInput,
    meaning: 'Maven was not found and the broker artifacts are not fetched yet',
  },
  PORT_TAKEN: { exitCode: exitCodes.badInput, meaning: 'a port named by the user is in use' },
  CLUSTER_EXISTS: { exitCode: exitCodes.badInput, meaning: 'a cluster already runs in that directory' },
  CLUSTER_ID_MISMATCH: {
    exitCode: exitCodes.badInput,
    meaning: 'the cluster reached is not the one that was pinned; nothing was written',
  },
  CLUSTER_DIFFERS: {
    exitCode: exitCodes.badInput,
    meaning: 'the cluster named is not the one that is planned; nothing was written',
  },
  CLUSTER_BUSY: {
    exitCode: exitCodes.badInput,
    meaning: 'others use the cluster: a load would disturb them, and they the figures; nothing was written',
  },
  FETCH_FAILED: { exitCode: exitCodes.unavailable, meaning: 'the broker artifacts could not be fetched' },
  DISK_FULL: { exitCode: exitCodes.unavailable, meaning: 'a disk is full' },
  BROKER_START_FAILED: { exitCode: exitCodes.unavailable, meaning: 'a local broker did not become ready' },
  TARGET_UNREACHABLE: { exitCode: exitCodes.unavailable, meaning: 'the cluster cannot be reached' },
  AUTHENTICATION_FAILED: {
    exitCode: exitCodes.unavailable,
    meaning: 'the cluster refused the credentials, or its certificate is not trusted; it was not tried again',
  },
  BROKER_ANSWER_INVALID: {
    exitCode: exitCodes.unavailable,
    meaning: "a broker's answer is not what its protocol says: a broken connection, a proxy, or a corrupt log",
  },
  DELIVERY_FAILED: {
    exitCode: exitCodes.unavailable,
    meaning: 'records were refused by a broker or not acknowledged in time',
  },
  DRIVER_FAILED: {
    exitCode: exitCodes.unavailable,
    meaning: 'a driver that is a program of its own could not be built, or ended before its load did',
  },
  RESOURCE_MISSING: { exitCode: exitCodes.unavailable, meaning: 'something the command needs is not there' },
  INTERNAL: { exitCode: exitCodes.internal, meaning: 'a defect in Headroom' },
  INTERRUPTED: { exitCode: exitCodes.interrupted, meaning: 'stopped by Ctrl-C or a termination signal' },
} as const satisfies Record<string, { exitCode: ExitCode; meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * An error a user can act on.
 * `message` says what happened, the value given and what is allowed; `hint` says what to do next.
 */
export class HeadroomError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly exitCode: ExitCode;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HeadroomError';
    this.code = code;
    this.hint = options.hint ?? null;
    this.exitCode = errorCodes[code].exitCode;
  }
}

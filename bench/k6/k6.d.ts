/** What the scripts here use of k6, and of xk6-kafka's names in this folder's module. */
declare const __ENV: Readonly<Record<string, string | undefined>>;
declare const __VU: number;
/** Text of a file, only in the init context. */
declare function open(path: string): string;

declare module 'k6/execution' {
  export const scenario: {
    /** Milliseconds since the epoch at which the first iteration was due. */
    readonly startTime: number;
    /** Number of this iteration among all of the scenario, from 0; a dropped one has none. */
    readonly iterationInTest: number;
  };
}

declare module 'k6/metrics' {
  export class Trend {
    constructor(name: string, isTime?: boolean);
    add(value: number, tags?: Readonly<Record<string, string>>): void;
  }
}

declare module 'k6/x/kafka' {
  export const SCHEMA_TYPE_STRING: string;
  export interface Message {
    readonly key?: Uint8Array;
    readonly value: Uint8Array;
    readonly time?: Date;
  }
  export class Writer {
    constructor(config: object);
    produce(batch: { readonly messages: readonly Message[] }): void;
    close(): void;
  }
  export class SchemaRegistry {
    serialize(container: { readonly data: string; readonly schemaType: string }): Uint8Array;
  }
}

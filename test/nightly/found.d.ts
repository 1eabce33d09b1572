/** What a nightly test measured, for the record that `npm run nightly -- --write` keeps. */
declare module 'vitest' {
  interface TaskMeta {
    found?: string;
  }
}

export {};

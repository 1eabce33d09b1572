import type { ObjectStore } from '../../../bench/nightly/object-store.ts';

/** A store in memory; several views of one map see each other's objects. */
export function memoryStore(objects = new Map<string, string>(), prefix = ''): ObjectStore {
  return {
    address: `s3://memory/${prefix}`.replace(/\/$/, ''),
    put: async (key, content) => {
      objects.set(`${prefix}${key}`, content.toString());
    },
    get: async (key) => objects.get(`${prefix}${key}`) ?? null,
    list: async (start) =>
      [...objects.keys()]
        .filter((key) => key.startsWith(`${prefix}${start}`))
        .map((key) => key.slice(prefix.length))
        .sort(),
    close: () => {},
  };
}

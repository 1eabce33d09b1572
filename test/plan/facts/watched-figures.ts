/** Figures read from JSON that know which of them were looked at, so that none is left out of a comparison. */

interface Watched<T> {
  readonly figures: T;
  /** Paths of the figures that nobody looked at. */
  readonly unread: () => readonly string[];
}

/** `note` at the top says what the file is. */
export function watched<T extends object>(text: string): Watched<T> {
  const { note: _note, ...figures } = JSON.parse(text) as Record<string, unknown>;
  const seen = new Set<string>();
  const watch = (value: unknown, path: string): unknown =>
    typeof value !== 'object' || value === null
      ? value
      : new Proxy(value, {
          get: (target, key, receiver) => {
            const child: unknown = Reflect.get(target, key, receiver);
            if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return child;
            const inner = join(path, target, key);
            seen.add(inner);
            return watch(child, inner);
          },
        });
  const leaves = (value: unknown, path: string): readonly string[] =>
    typeof value !== 'object' || value === null
      ? [path]
      : Object.entries(value).flatMap(([key, child]) => leaves(child, join(path, value, key)));
  return { figures: watch(figures, '') as T, unread: () => leaves(figures, '').filter((path) => !seen.has(path)) };
}

/** Rows of a table are told by their type, not by their place. */
function join(path: string, parent: object, key: string): string {
  const child: unknown = (parent as Record<string, unknown>)[key];
  const type = Array.isArray(parent) ? (child as { type?: string } | null)?.type : undefined;
  return `${path === '' ? '' : `${path}/`}${type ?? key}`;
}

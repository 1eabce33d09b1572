/** One entry of `sasl.jaas.config`: `org...ScramLoginModule required username="u" password="p";` */

export interface JaasEntry {
  /** Without its package. */
  readonly loginModule: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Null when the text is no such entry. The text holds secrets: never say what it was. */
export function parseJaas(text: string): JaasEntry | null {
  const [, module, rest] = /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)\b(.*?);\s*$/s.exec(text) ?? [];
  if (module === undefined || rest === undefined) return null;
  const options: Record<string, string> = {};
  const option = /\s+([\w.]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s"';]+))/gsy;
  let end = 0;
  for (let match = option.exec(rest); match !== null; match = option.exec(rest)) {
    const [, name = '', double, single, bare] = match;
    options[name] = (double ?? single ?? bare ?? '').replace(/\\(.)/gs, '$1');
    end = option.lastIndex;
  }
  if (rest.slice(end).trim() !== '') return null;
  return { loginModule: module.slice(module.lastIndexOf('.') + 1), options };
}

/**
 * Reads YAML strictly where it is lenient: one document of YAML 1.2, no tags, no merge keys, numbers only as people
 * write them, so that nothing is read as something else than it looks.
 */
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { type Fault, type Position, quoted } from './fault.ts';
import { textFault } from './source-text.ts';
import { YamlValues } from './yaml-values.ts';

/** The values of the text; their `value` is undefined when it could not be read, and `faults` then say why. */
export function readYaml(text: string): YamlValues {
  const lines = new LineCounter();
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  lines.addNewLine(0);
  for (let at = plain.indexOf('\n'); at >= 0; at = plain.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  const locate = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const unreadable = textFault(plain, locate);
  if (unreadable !== null) return new YamlValues(locate, [unreadable]);
  // Equal keys are found by our own walk: the library's check takes time that grows with the square of their number.
  const document = parseDocument(plain, {
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const values = new YamlValues(
    locate,
    rootErrors(document.errors).map((error) => syntaxFault(error, plain, locate)),
  );
  const directive = document.directives?.yaml;
  if (directive?.explicit === true && directive.version !== '1.2') {
    // YAML 1.1 reads `no` and `on` as booleans.
    values.fault(0, '', 'YAML 1.2', `a %YAML directive for ${directive.version}`, 'remove the directive');
  }
  if (values.faults.length > 0) return values;
  if (document.contents === null) values.value = null;
  else values.read(document.contents);
  return values;
}

/** The first error and others of its kind: what follows of another kind mostly follows from it. */
function rootErrors(errors: readonly YAMLError[]): readonly YAMLError[] {
  return errors.filter(({ code }) => code === errors[0]?.code);
}

function syntaxFault(error: YAMLError, text: string, locate: (offset: number) => Position): Fault {
  const [start] = error.pos;
  const known = syntaxRemedies[error.code];
  const shown = (text.slice(start).split('\n', 1)[0] ?? '').trim();
  return {
    ...locate(start),
    path: '',
    expected: known?.expected ?? `valid YAML (${error.message.toLowerCase().replace(/\.$/, '')})`,
    got: shown === '' ? 'the end of the line' : quoted(shown),
    remedy: known?.remedy ?? 'check quotes, brackets and indentation there and in the line above',
  };
}

const syntaxRemedies: Partial<Record<YAMLError['code'], { readonly expected: string; readonly remedy: string }>> = {
  TAB_AS_INDENT: { expected: 'spaces as indentation', remedy: 'replace the tab by spaces' },
  MULTIPLE_DOCS: { expected: 'one document', remedy: 'keep one use case a file, without "---" between' },
  NON_STRING_KEY: { expected: 'a name as key', remedy: 'write the key as plain text' },
};

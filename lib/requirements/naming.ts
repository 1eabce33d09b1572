/**
 * Names: topics by the users' rule, consumer groups, channels, and what Kafka itself allows.
 * A topic's name can hardly be changed once chosen, so it is settled before anything is created.
 */

export interface NamedEvent {
  readonly service: string;
  /** Null when the event is about the service as a whole. */
  readonly entity: string | null;
  /** In the past tense, such as `Changed`. */
  readonly action: string;
}

/** Why a name is refused; `expected` and `remedy` as in a fault. */
export interface NameFault {
  readonly expected: string;
  readonly remedy: string;
}

/** Longest topic name: Kafka's limit, so that `<topic>-<partition>` fits a file name of 255 bytes. */
export const topicNameMaxLength = 249;

/** The naming rule: `categoryChanged` when service and entity are one, otherwise `order-PaymentApproved` or `order-Approved`. */
export function ruleName(event: NamedEvent): string {
  if (event.entity === null) return `${event.service}-${event.action}`;
  return sameWord(event.service, event.entity)
    ? `${event.entity.charAt(0).toLowerCase()}${event.entity.slice(1)}${event.action}`
    : `${event.service}-${event.entity}${event.action}`;
}

/** Equal after removing `-`, `_` and case. */
function sameWord(a: string, b: string): boolean {
  const plain = (word: string): string => word.replaceAll(/[-_]/g, '').toLowerCase();
  return plain(a) === plain(b);
}

export function groupName(service: string, topic: string): string {
  return `CGR-${service}-${topic}`;
}

/** Spring Cloud Stream bindings of a topic: one out, and one in for its consumers. */
export function channelNames(topic: string): { readonly out: string; readonly in: string } {
  return { out: `out-${topic}`, in: `in-${topic}` };
}

/** Kafka's own limits on a topic's name; null when it keeps them. */
export function topicNameFault(name: string): NameFault | null {
  const expected = `a topic name of 1 to ${topicNameMaxLength} characters of letters, digits, ".", "_" and "-"`;
  if (!/^[A-Za-z0-9._-]*$/.test(name)) return { expected, remedy: 'use only characters that Kafka allows' };
  if (name === '') return { expected, remedy: 'give the topic a name' };
  if (name.length > topicNameMaxLength) return { expected, remedy: `shorten it, it has ${name.length} characters` };
  if (name === '.' || name === '..') return { expected, remedy: '"." and ".." are names of folders, choose another' };
  if (name.startsWith('__')) {
    return {
      expected: 'a topic name that does not begin with "__"',
      remedy: 'such names belong to Kafka itself, choose another',
    };
  }
  return null;
}

/** What Kafka allows in a name but tools trip over; null when there is nothing to say. */
export function topicNameRemark(name: string): string | null {
  if (name.startsWith('-')) return 'a name that begins with "-" is read as an option by the command-line tools';
  const suffix = /-(changelog|repartition)$/.exec(name)?.[0];
  return suffix === undefined ? null : `names that end in "${suffix}" look like internal topics of Kafka Streams`;
}

export interface NameClash {
  readonly kind: 'duplicate' | 'collision' | 'case';
  /** Positions in the list given; `first` is below `second`. */
  readonly first: number;
  readonly second: number;
}

/**
 * Names that cannot, or should not, exist side by side: equal ones, those that differ only in `.` and `_`
 * (Kafka refuses the second, their metric names collide), and those that differ only in case. Undefined names are passed over.
 */
export function nameClashes(names: readonly (string | undefined)[]): readonly NameClash[] {
  const seen = new Map<string, number>();
  const clashes: NameClash[] = [];
  names.forEach((name, second) => {
    if (name === undefined) return;
    const metricName = name.replaceAll('.', '_');
    const first = seen.get(metricName.toLowerCase());
    if (first === undefined) {
      seen.set(metricName.toLowerCase(), second);
      return;
    }
    const other = names[first] ?? '';
    const kind = other === name ? 'duplicate' : other.replaceAll('.', '_') === metricName ? 'collision' : 'case';
    clashes.push({ kind, first, second });
  });
  return clashes;
}

/**
 * Whether the last word of an action, such as `Changed` or `PaymentApproved`, is in the past tense:
 * it ends in `ed` or is one of the irregular verbs below.
 */
export function isPastTense(action: string): boolean {
  const lastWord = (/[A-Z]?[a-z]+$|[A-Z]+$/.exec(action)?.[0] ?? action).toLowerCase();
  return lastWord.endsWith('ed') || irregularPasts.has(lastWord) || irregularPasts.has(lastWord.replace(prefixes, ''));
}

const prefixes = /^(re|un|over|under|with|fore|out|up|mis)(?=.{3})/;

/** Past tenses and participles that do not end in `ed`. */
const irregularPasts: ReadonlySet<string> = new Set(
  `arisen arose ate awoke awoken beaten became become been began begun bent bet bidden bit bitten blew blown bore born
  borne bought bound bred broke broken brought built burnt burst came cast caught chose chosen clung come cost cut dealt
  did done drank drawn drew driven drove drunk dug eaten fallen felt flew flown fell fled forbade forbidden forgave
  forgiven forgot forgotten fought found froze frozen gave given gone got gotten grew grown had heard held hid hidden hit
  hung hurt kept knew known laid lain lay led left lent let lit lost made meant met mistaken overcome paid proven put
  quit ran rang read ridden risen rode rose run rung said sang sat saw seen sent set shaken shone shook shot shown shut
  slept slid sold sought sown spent split spoke spoken spread sprung spun stolen stole stood struck stuck sung sunk swept
  swore sworn swum swung taken taught thought threw thrown told took tore torn undone understood undertaken upset was
  went were withdrawn withdrew withheld woken won wore worn wound woven written wrote`.split(/\s+/),
);

/** `CategoryChanged`: the class name of an event, from entity and action, or service and action without an entity. */
export function eventTypeOf(event: NamedEvent): string {
  return `${pascalCase(event.entity ?? event.service)}${pascalCase(event.action)}`;
}

/** The class name of an event whose topic is given by name alone. */
export function eventTypeOfName(topic: string): string {
  return pascalCase(topic);
}

function pascalCase(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
}

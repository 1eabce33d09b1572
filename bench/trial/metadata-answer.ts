/** The answer to Metadata with other addresses in it; the rest stays as the broker wrote it (KIP-482 from version 9 on). */

const throttleSince = 3;
const rackSince = 1;
const flexibleSince = 9;

/** `frame` with its length in front. Brokers without a port in `ports` keep theirs. */
export function moveBrokers(
  frame: Buffer,
  apiVersion: number,
  host: string,
  ports: ReadonlyMap<number, number>,
): Buffer {
  const isFlexible = apiVersion >= flexibleSince;
  const reader = new Cursor(frame, 8, isFlexible);
  if (isFlexible) reader.tags();
  if (apiVersion >= throttleSince) reader.at += 4;
  const count = reader.count();
  const parts: Buffer[] = [frame.subarray(0, reader.at)];
  for (let left = count; left > 0; left -= 1) {
    const start = reader.at;
    const id = frame.readInt32BE(reader.at);
    reader.at += 4;
    reader.text();
    const port = ports.get(id);
    reader.at += 4;
    const behindPort = reader.at;
    if (apiVersion >= rackSince) reader.text();
    if (isFlexible) reader.tags();
    if (port === undefined) parts.push(frame.subarray(start, reader.at));
    else {
      const own = Buffer.alloc(4);
      own.writeInt32BE(port);
      parts.push(frame.subarray(start, start + 4), text(host, isFlexible), own, frame.subarray(behindPort, reader.at));
    }
  }
  parts.push(frame.subarray(reader.at));
  const moved = Buffer.concat(parts);
  moved.writeInt32BE(moved.length - 4, 0);
  return moved;
}

function text(value: string, isFlexible: boolean): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (isFlexible) return Buffer.concat([Buffer.from([bytes.length + 1]), bytes]);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Walks over what need not be understood. */
class Cursor {
  at: number;
  readonly #bytes: Buffer;
  readonly #isFlexible: boolean;

  constructor(bytes: Buffer, at: number, isFlexible: boolean) {
    this.#bytes = bytes;
    this.at = at;
    this.#isFlexible = isFlexible;
  }

  /** Elements of an array. */
  count(): number {
    if (this.#isFlexible) return this.varint() - 1;
    this.at += 4;
    return this.#bytes.readInt32BE(this.at - 4);
  }

  /** A string, perhaps null. */
  text(): void {
    const length = this.#isFlexible ? this.varint() - 1 : this.#int16();
    this.at += Math.max(0, length);
  }

  tags(): void {
    for (let left = this.varint(); left > 0; left -= 1) {
      this.varint();
      const length = this.varint();
      this.at += length;
    }
  }

  #int16(): number {
    this.at += 2;
    return this.#bytes.readInt16BE(this.at - 2);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.at);
      this.at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}

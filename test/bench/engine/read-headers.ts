/** Headers of a record from where its value ends, as the visitor of a walk sees it. */
export function readHeaders(bytes: Buffer, valueEnd: number): { key: Buffer; value: Buffer | null }[] {
  let at = valueEnd;
  const integer = (): number => {
    let raw = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      byte = bytes.readUInt8(at++);
      raw |= (byte & 0x7f) << shift;
    }
    return (raw >>> 1) ^ -(raw & 1);
  };
  const block = (): Buffer | null => {
    const length = integer();
    if (length < 0) return null;
    at += length;
    return bytes.subarray(at - length, at);
  };
  return Array.from({ length: integer() }, () => ({ key: block() ?? Buffer.alloc(0), value: block() }));
}

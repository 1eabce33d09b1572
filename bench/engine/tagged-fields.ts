import type { Reader } from '@platformatic/kafka';

/** Passes over the optional fields at the end of a structure. The library's own reader takes their count for their length. */
export function skipTaggedFields(reader: Reader): void {
  for (let left = reader.readUnsignedVarInt(); left > 0; left--) {
    reader.readUnsignedVarInt();
    reader.skip(reader.readUnsignedVarInt());
  }
}

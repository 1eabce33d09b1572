/** Of the same memory: integers are read from a view with one load and one check of the bounds, from a buffer byte by byte. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

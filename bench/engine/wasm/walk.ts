/**
 * The innermost loop of consuming, in AssemblyScript: the records of one batch, field by field. `npm run generate` compiles it
 * to ../generated/walk-code.ts. With stamps verified on the way it takes six tenths of what JavaScript did, where each load checks
 * its bounds (docs/decisions/receive-memory.md).
 */

/** Addresses that ../walk-memory.ts knows too: what a call leaves behind, the stamps it verifies, a row for each record. */
const leftAt: usize = 0;
const nextAt: usize = 4;
const faultAt: usize = 8;
const recordAt: usize = 12;
const producerAt: usize = 64;
const expectedAt: usize = 72;
const gapsAt: usize = 80;
const backwardAt: usize = 88;
const foreignAt: usize = 92;
const rowsAt: usize = 1024;
const rowBytes = 32;
const rowsMax = 512;

const noFault = 0;
const fewerRecords = 1;
const longInteger = 2;
const badFields = 3;

const stampBytes = 20;
const varintMaxBytes = 5;
const varlongMaxBytes = 10;

/** Where the walk is: the next record, how many are left, how many were visited, the sequence expected next. */
let at: u32 = 0;
let left = 0;
let visited = 0;
let expected: i64 = 0;
/** The address of place 0: rows hold places. */
let origin: u32 = 0;
/** What is wrong with the record at `at`, and its offset. */
let fault = noFault;
let faultDelta = 0;
/** Behind the integer that was read last. */
let after: u32 = 0;

/**
 * Walks `records` of those at [start, end). With `verified` it checks their stamps; otherwise it makes a row of each, with places from
 * the address `shift` on, and stops when there is no room for more. Records whose offset in the batch is below `fromDelta` are passed over.
 * Returns how many were not. At least 128 bytes of memory lie behind `end`: what is read before an end is seen.
 */
export function walk(start: u32, end: u32, records: i32, fromDelta: i32, shift: u32, verified: bool): i32 {
  origin = shift;
  at = start;
  left = records;
  visited = 0;
  expected = <i64>load<f64>(expectedAt);
  store<f64>(gapsAt, 0);
  store<i32>(backwardAt, 0);
  store<i32>(foreignAt, 0);
  fault = noFault;
  do {
    if (verified) walkUsual(end, fromDelta, true);
    else walkUsual(end, fromDelta, false);
    if (left <= 0 || (!verified && visited >= rowsMax)) break;
    walkAny(end, fromDelta, verified);
  } while (fault === noFault);
  store<f64>(expectedAt, <f64>expected);
  store<i32>(leftAt, left);
  store<u32>(nextAt, at);
  store<i32>(faultAt, fault);
  store<i32>(recordAt, faultDelta);
  return visited;
}

/**
 * Up to the first record that is not as nearly all are: integers of one or two bytes, a key of at most 63 bytes or none, a value.
 * Its head is one load of 8 bytes. It calls nothing and uses no global meanwhile, so that all stays in registers.
 */
@inline
function walkUsual(end: u32, fromDelta: i32, verified: bool): void {
  const producer = load<u32>(producerAt);
  let next = at;
  let records = left;
  let rows = visited;
  let sequence = expected;
  for (; records > 0 && next < end && (verified || rows < rowsMax); records--) {
    let place = next;
    let word = load<u64>(place);
    let raw: u64 = word & 0x7f;
    if ((word & 0x80) === 0) {
      place += 2;
      word >>= 16;
    } else {
      if ((word & 0x8000) !== 0) break;
      raw |= (word >> 1) & 0x3f80;
      place += 3;
      word >>= 24;
    }
    const recordEnd = place - 1 + (<u32>raw >> 1);
    // Lengths and offsets are never negative: odd ones are.
    let odd = raw;
    let time: u64 = word & 0x7f;
    if ((word & 0x80) === 0) {
      place++;
      word >>= 8;
    } else {
      if ((word & 0x8000) !== 0) break;
      time |= (word >> 1) & 0x3f80;
      place += 2;
      word >>= 16;
    }
    raw = word & 0x7f;
    if ((word & 0x80) === 0) {
      place++;
      word >>= 8;
    } else {
      if ((word & 0x8000) !== 0) break;
      raw |= (word >> 1) & 0x3f80;
      place += 2;
      word >>= 16;
    }
    odd |= raw;
    const offsetDelta = <i32>raw >> 1;
    const hasKey = (word & 0xff) !== 1;
    place++;
    const keyStart = place;
    if (hasKey) {
      if ((word & 0x81) !== 0) break;
      place += (<u32>word & 0x7f) >> 1;
    }
    const keyEnd = place;
    const behindKey = load<u32>(place);
    let valueRaw = behindKey & 0x7f;
    if ((behindKey & 0x80) === 0) place++;
    else {
      if ((behindKey & 0x8000) !== 0) break;
      valueRaw |= (behindKey >> 1) & 0x3f80;
      place += 2;
    }
    const valueEnd = place + (valueRaw >> 1);
    if (((<u32>odd | valueRaw) & 1) !== 0 || valueEnd > recordEnd || recordEnd > end) break;
    if (offsetDelta >= fromDelta) {
      if (verified) sequence = verify(place, valueRaw >> 1, producer, sequence);
      else row(rows, offsetDelta, signed(<u32>time), hasKey ? keyStart - origin : -1, hasKey ? keyEnd - origin : -1, place - origin, valueEnd - origin);
      rows++;
    }
    next = recordEnd;
  }
  at = next;
  left = records;
  visited = rows;
  expected = sequence;
}

/** One record, whatever it is like, or a fault. */
function walkAny(end: u32, fromDelta: i32, verified: bool): void {
  if (at >= end) {
    fault = fewerRecords;
    return;
  }
  const length = readInteger(at);
  const recordEnd = <i64>after + length;
  // Before the time: the record's attributes, unused.
  const time = readLongInteger(after + 1);
  const offsetDelta = readInteger(after);
  const keyBytes = readInteger(after);
  const keyStart = after;
  const keyEnd = <i64>keyStart + max(0, keyBytes);
  faultDelta = offsetDelta;
  // Before anything behind the key is read: a length may point anywhere.
  if (recordEnd > <i64>end || keyEnd > recordEnd || keyBytes < -1 || offsetDelta < 0) fault = fault || badFields;
  if (fault !== noFault) return;
  const valueBytes = readInteger(<u32>keyEnd);
  const valueStart = after;
  const valueEnd = <i64>valueStart + max(0, valueBytes);
  if (valueEnd > recordEnd || valueBytes < -1) fault = fault || badFields;
  if (fault !== noFault) return;
  if (offsetDelta >= fromDelta) {
    if (verified) expected = verify(valueStart, valueBytes, load<u32>(producerAt), expected);
    else {
      const hasKey = keyBytes >= 0;
      const value = valueBytes < 0 ? -1 : valueStart - origin;
      row(visited, offsetDelta, time, hasKey ? keyStart - origin : -1, hasKey ? <u32>keyEnd - origin : -1, value, <u32>valueEnd - origin);
    }
    visited++;
  }
  at = <u32>recordEnd;
  left--;
}

/** The rules of SequenceCheck in ../stamp.ts. Returns the sequence that is expected next. */
@inline
function verify(value: u32, valueBytes: i32, producer: u32, next: i64): i64 {
  if (valueBytes < stampBytes || load<u32>(value) !== producer) {
    store<i32>(foreignAt, load<i32>(foreignAt) + 1);
    return next;
  }
  const sequence = <i64>bswap(load<u64>(value, 4));
  if (sequence === next) return next + 1;
  if (sequence < next) {
    store<i32>(backwardAt, load<i32>(backwardAt) + 1);
    return next;
  }
  store<f64>(gapsAt, load<f64>(gapsAt) + <f64>(sequence - next));
  return sequence + 1;
}

@inline
function row(index: i32, offsetDelta: i32, time: i64, keyStart: i32, keyEnd: i32, valueStart: i32, valueEnd: i32): void {
  const to = rowsAt + index * rowBytes;
  store<i32>(to, offsetDelta);
  store<i32>(to, keyStart, 4);
  store<i32>(to, keyEnd, 8);
  store<i32>(to, valueStart, 12);
  store<i32>(to, valueEnd, 16);
  store<f64>(to, <f64>time, 24);
}

@inline
function signed(zigzag: u32): i32 {
  return (zigzag >>> 1) ^ -(zigzag & 1);
}

function readInteger(start: u32): i32 {
  let raw: u32 = 0;
  let byte: u32 = 0x80;
  let read = 0;
  for (; byte >= 0x80 && read < varintMaxBytes; read++) {
    byte = load<u8>(start + read);
    raw |= (byte & 0x7f) << (7 * read);
  }
  if (byte >= 0x80) fault = longInteger;
  after = start + read;
  return signed(raw);
}

function readLongInteger(start: u32): i64 {
  let raw: u64 = 0;
  let byte: u32 = 0x80;
  let read = 0;
  for (; byte >= 0x80 && read < varlongMaxBytes; read++) {
    byte = load<u8>(start + read);
    raw |= (<u64>byte & 0x7f) << (7 * read);
  }
  after = start + read;
  return (raw >>> 1) ^ -(raw & 1);
}

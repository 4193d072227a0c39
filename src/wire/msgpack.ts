/**
 * MessagePack, as far as protocols that frame text and audio with it need.
 *
 * @see {@link https://github.com/msgpack/msgpack/blob/master/spec.md}
 * @module
 */

/** How deep maps and lists may nest. */
const MAX_DEPTH = 16;

/** Where the reading is. */
interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

const decoder = new TextDecoder();

/**
 * Parses one value: maps with text keys become objects, binary a view into `bytes`, extensions `undefined`; entries with
 * other keys are left out. `undefined` when it is cut short or no MessagePack.
 */
export function parseMsgpack(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readValue({ bytes, view, at: 0 }, MAX_DEPTH);
  } catch {
    return undefined; // beyond the end
  }
}

/**
 * First byte: 00–7f number, 80–8f map, 90–9f list, a0–bf text, each with its value or length in the low bits; c0 nil,
 * c2 and c3 booleans, c4–c6 binary, c7–c9 extension, ca and cb floats, cc–cf unsigned, d0–d3 signed, d4–d8 extension
 * of 1, 2, 4, 8, 16 bytes, d9–db text, dc and dd list, de and df map, e0–ff negative number. Lengths are big endian.
 */
function readValue(cursor: Cursor, depth: number): unknown {
  const first = cursor.view.getUint8(cursor.at++);
  if (first < 0x80) return first;
  if (first < 0x90) return readMap(cursor, first & 0x0f, depth);
  if (first < 0xa0) return readList(cursor, first & 0x0f, depth);
  if (first < 0xc0) return decoder.decode(take(cursor, first & 0x1f));
  if (first >= 0xe0) return first - 0x100;
  switch (first) {
    case 0xc0:
      return null;
    case 0xc2:
    case 0xc3:
      return first === 0xc3;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return take(cursor, readUint(cursor, 1 << first - 0xc4));
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return skip(cursor, readUint(cursor, 1 << first - 0xc7) + 1);
    case 0xca:
      return cursor.view.getFloat32(advance(cursor, 4));
    case 0xcb:
      return cursor.view.getFloat64(advance(cursor, 8));
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      return readUint(cursor, 1 << first - 0xcc);
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
      return readInt(cursor, 1 << first - 0xd0);
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return skip(cursor, (1 << first - 0xd4) + 1);
    case 0xd9:
    case 0xda:
    case 0xdb:
      return decoder.decode(take(cursor, readUint(cursor, 1 << first - 0xd9)));
    case 0xdc:
    case 0xdd:
      return readList(cursor, readUint(cursor, 2 << first - 0xdc), depth);
    case 0xde:
    case 0xdf:
      return readMap(cursor, readUint(cursor, 2 << first - 0xde), depth);
  }
  throw new RangeError(`There is no value that begins with ${first}`);
}

function readMap(cursor: Cursor, length: number, depth: number): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (let i = checked(cursor, length, depth); i > 0; i--) {
    const key = readValue(cursor, depth - 1);
    const value = readValue(cursor, depth - 1);
    if (typeof key === "string") entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function readList(cursor: Cursor, length: number, depth: number): unknown[] {
  const items: unknown[] = [];
  for (let i = checked(cursor, length, depth); i > 0; i--) items.push(readValue(cursor, depth - 1));
  return items;
}

/** The length of a map or list that may be there: each item takes a byte at least. */
function checked({ bytes, at }: Cursor, length: number, depth: number): number {
  if (depth === 0 || length > bytes.length - at) throw new RangeError("Too deep, or beyond the end");
  return length;
}

function readUint(cursor: Cursor, size: number): number {
  const at = advance(cursor, size);
  const { view } = cursor;
  if (size === 8) return Number(view.getBigUint64(at));
  return size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at) : view.getUint32(at);
}

function readInt(cursor: Cursor, size: number): number {
  const at = advance(cursor, size);
  const { view } = cursor;
  if (size === 8) return Number(view.getBigInt64(at));
  return size === 1 ? view.getInt8(at) : size === 2 ? view.getInt16(at) : view.getInt32(at);
}

function take(cursor: Cursor, length: number): Uint8Array {
  const at = advance(cursor, length);
  return cursor.bytes.subarray(at, at + length);
}

function skip(cursor: Cursor, length: number): undefined {
  advance(cursor, length);
}

/** Moves on, and says where it was. */
function advance(cursor: Cursor, length: number): number {
  const { at } = cursor;
  if (length > cursor.bytes.length - at) throw new RangeError("Beyond the end");
  cursor.at += length;
  return at;
}

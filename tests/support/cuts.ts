/** Ways to cut bytes into pieces. */

/** A small seeded generator (mulberry32), so that a failing cut can be had again. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Whole, cut once at every byte, byte by byte, and in seeded random pieces. */
export function* everyCut(
  bytes: Uint8Array,
  randomCuts = 20,
): Generator<readonly [name: string, Uint8Array[]]> {
  yield ["whole", [bytes]];
  for (let at = 1; at < bytes.length; at++) {
    yield [`cut at ${at}`, [bytes.subarray(0, at), bytes.subarray(at)]];
  }
  yield ["byte by byte", Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))];
  for (let seed = 1; seed <= randomCuts; seed++) {
    yield [`random pieces, seed ${seed}`, randomPieces(bytes, seed)];
  }
}

/** Pieces of seeded random sizes. */
export function randomPieces(bytes: Uint8Array, seed: number): Uint8Array[] {
  const random = seededRandom(seed);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(random() ** 3 * 200);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

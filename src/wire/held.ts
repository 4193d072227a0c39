/**
 * Bytes that are kept until the rest of them comes.
 *
 * @module
 */

/** None, for all who keep or give none. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/**
 * Bytes in one buffer that grows, so that pieces of a byte each cost no more than their bytes: as arrays of their own
 * they would cost a hundredfold. What is pushed is copied: the chunk goes on to the caller, who may change or transfer
 * it.
 */
export class HeldBytes {
  #buffer: Uint8Array = NO_BYTES;
  #length = 0;

  /** How many are kept. */
  get length(): number {
    return this.#length;
  }

  /** Those that are kept, valid until the next push. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Keeps more. */
  push(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (this.#length === 0) {
      this.#buffer = bytes.slice(); // most often that is all
    } else {
      if (length > this.#buffer.length) {
        const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
        larger.set(this.bytes);
        this.#buffer = larger;
      }
      this.#buffer.set(bytes, this.#length);
    }
    this.#length = length;
  }

  /** Gives those that are kept, with `end` behind them, and keeps none. */
  take(end: Uint8Array): Uint8Array {
    if (this.#length === 0) return end;
    if (end.length > 0) this.push(end);
    const { bytes } = this;
    this.clear();
    return bytes;
  }

  /** Keeps none. */
  clear(): void {
    this.#buffer = NO_BYTES;
    this.#length = 0;
  }
}

/** What is told of pieces that are larger than the bound. */
export interface OverflowListener {
  /** One was, and is passed over. */
  onOverflow?(): void;
  /** So many more bytes of such a one were passed over. */
  onPassOver?(bytes: number): void;
}

/** The bytes of one piece after another, each kept up to a bound. One beyond it is not kept. */
export class BoundedBytes {
  readonly #held = new HeldBytes();
  readonly #mostBytes: number;
  readonly #listener: OverflowListener;
  /** How many the unfinished piece has, kept or not. */
  #bytes = 0;

  /** Pieces of that size at the most. */
  constructor(mostBytes: number, listener: OverflowListener) {
    this.#mostBytes = mostBytes;
    this.#listener = listener;
  }

  /** The piece goes on. */
  push(bytes: Uint8Array): void {
    if (this.#fits(bytes.length)) this.#held.push(bytes);
  }

  /** Gives the piece, which ends with `end`, or `undefined` when it is beyond the bound; then the next begins. */
  take(end: Uint8Array): Uint8Array | undefined {
    const piece = this.#fits(end.length) ? this.#held.take(end) : undefined;
    this.#bytes = 0;
    return piece;
  }

  #fits(more: number): boolean {
    const fitted = this.#bytes <= this.#mostBytes;
    this.#bytes += more;
    if (this.#bytes <= this.#mostBytes) return true;
    this.#held.clear();
    if (fitted) this.#listener.onOverflow?.();
    this.#listener.onPassOver?.(fitted ? this.#bytes : more);
    return false;
  }
}

/** Puts fragments together, once. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

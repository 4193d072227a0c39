/**
 * Bytes that are kept until the rest of them comes.
 *
 * @module
 */

/**
 * Bytes in one buffer that grows, so that pieces of a byte each cost no more than their bytes: as arrays of their own
 * they would cost a hundredfold. What is pushed is copied: the chunk goes on to the caller, who may change or transfer
 * it.
 */
export class HeldBytes {
  #buffer: Uint8Array = new Uint8Array(0);
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
    this.#buffer = new Uint8Array(0);
    this.#length = 0;
  }
}

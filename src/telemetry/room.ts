/**
 * Bounds for text that is kept.
 *
 * @module
 */

/** So much of a text, without half a character at its end. */
export function firstOf(text: string, length: number): string {
  const splits = text.length > length && /[\uD800-\uDBFF]/.test(text[length - 1] ?? "");
  return text.slice(0, splits ? length - 1 : length);
}

/** Room for texts that come in pieces. */
export class Room {
  #left: number;
  #exceeded = false;

  /** Room for so many characters. */
  constructor(length: number) {
    this.#left = length;
  }

  /** Whether more came than there was room for. */
  get exceeded(): boolean {
    return this.#exceeded;
  }

  /** What there is room for of a piece. */
  take(piece: string): string {
    const taken = firstOf(piece, this.#left);
    this.#left -= taken.length;
    this.#exceeded ||= taken.length < piece.length;
    return taken;
  }

  /** What was taken is wanted no more. */
  giveBack(text: string): void {
    this.#left += text.length;
  }
}

/**
 * How much of texts is kept, and how much of them one attribute may have.
 *
 * @module
 */

import type { ContentKind, ContentPolicy } from "./content_policy.ts";

/** What is left for one attribute. */
export class Allowance {
  readonly #policy: ContentPolicy;
  #left: number;
  #exceeded = false;

  /** All that the policy allows. */
  constructor(policy: ContentPolicy) {
    this.#policy = policy;
    this.#left = policy.maxLength;
  }

  /** Whether more was wanted than there was. */
  get exceeded(): boolean {
    return this.#exceeded;
  }

  /** What may leave of a text, as far as there is room. */
  take(text: string, kind: ContentKind): string | undefined {
    if (this.#exceeded) return undefined;
    const redacted = this.#policy.redact(text, kind);
    if (redacted === undefined) return undefined;
    const taken = firstOf(redacted, this.#left);
    this.#left -= taken.length;
    this.#exceeded = taken.length < redacted.length;
    return taken;
  }
}

/** So much of a text, without half a character at its end. */
function firstOf(text: string, length: number): string {
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

/** So many times more than may leave is kept of what comes in pieces: redaction sees whole what it looks for. */
const MARGIN = 4;

/** Room for what is redacted when it is whole. */
export function roomBefore({ maxLength }: ContentPolicy): Room {
  return new Room(maxLength * MARGIN);
}

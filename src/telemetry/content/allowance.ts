/**
 * How much of texts one attribute may have, and how much is kept before.
 *
 * @module
 */

import { firstOf, Room } from "../room.ts";
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

/** So many times more than may leave is kept of what comes in pieces: redaction sees whole what it looks for. */
const MARGIN = 4;

/** How many characters are kept of what is redacted when it is whole. */
export function keptLength({ maxLength }: ContentPolicy): number {
  return maxLength * MARGIN;
}

/** Room for that. */
export function roomBefore(policy: ContentPolicy): Room {
  return new Room(keptLength(policy));
}

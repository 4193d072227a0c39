/**
 * What was heard in one turn of the user.
 *
 * @module
 */

import type { Transcript } from "../../types.ts";
import { Allowance, type Room, roomBefore } from "./allowance.ts";
import type { ContentPolicy } from "./content_policy.ts";

/** Pieces of recognized text, put together. */
export class HeardText {
  readonly #policy: ContentPolicy;
  readonly #room: Room;
  #final = "";
  /** What was recognized since, and may still change. */
  #interim = "";

  /** Nothing heard yet. */
  constructor(policy: ContentPolicy) {
    this.#policy = policy;
    this.#room = roomBefore(policy);
  }

  /** A piece was recognized. */
  add({ text, final, extent }: Transcript): void {
    if (text === undefined) return;
    this.#room.giveBack(this.#interim);
    this.#interim = "";
    if (extent === "turn") {
      this.#room.giveBack(this.#final);
      this.#final = "";
    }
    const blank = extent !== "tokens" && this.#final !== "" ? " " : "";
    const taken = this.#room.take(blank + (extent === "tokens" ? text : text.trim()));
    if (final) this.#final += taken;
    else this.#interim = taken;
  }

  /** What may leave of all that was heard; what might still have changed is in it. */
  get text(): string | undefined {
    const text = (this.#final + this.#interim).trim();
    return text === "" ? undefined : new Allowance(this.#policy).take(text, "transcript");
  }

  /** Whether something had to be left out for want of room. */
  get truncated(): boolean {
    return this.#room.exceeded || this.#final.length + this.#interim.length > this.#policy.maxLength;
  }
}

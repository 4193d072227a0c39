/**
 * What was heard in one turn of the user.
 *
 * @module
 */

import type { Transcript } from "../../types.ts";
import { Room } from "../room.ts";

/** Characters that are kept of one turn. */
const MAX_LENGTH = 65_536;

/** Pieces of recognized text, put together. */
export class HeardText {
  readonly #room = new Room(MAX_LENGTH);
  #final = "";
  /** What was recognized since, and may still change. */
  #interim = "";

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

  /** All that was heard; what might still have changed is in it. */
  get text(): string | undefined {
    const text = (this.#final + this.#interim).trim();
    return text === "" ? undefined : text;
  }
}

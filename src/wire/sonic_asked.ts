/**
 * What is asked of Nova Sonic: pieces of content that have a name, and say where they begin whose words follow.
 *
 * @see {@link https://docs.aws.amazon.com/nova/latest/userguide/input-events.html}
 * @module
 */

import type { AskedSink } from "../types.ts";
import { asObject, asText, type JsonObject } from "./json.ts";

/** Characters of one piece of content beyond this are not kept. */
const MAX_LENGTH = 262_144;

/** Tells what is asked. */
export class SonicAsked {
  readonly #asked: AskedSink;
  /** How the content began that is open. */
  #start: JsonObject | undefined;
  #text = "";

  /** Tells `asked`. */
  constructor(asked: AskedSink) {
    this.#asked = asked;
  }

  /** The caller sent an event. */
  sent({ promptStart, contentStart, textInput, toolResult, contentEnd }: JsonObject): void {
    const tools = asObject(asObject(promptStart)?.toolConfiguration)?.tools;
    if (tools !== undefined) this.#asked.configure({ tools });
    const start = asObject(contentStart);
    // audio goes on beside it
    if (start !== undefined && start.type !== "AUDIO") [this.#start, this.#text] = [start, ""];
    const words = asObject(textInput) ?? asObject(toolResult);
    if (this.#isOpen(words)) this.#text = (this.#text + (asText(words?.content) ?? "")).slice(0, MAX_LENGTH);
    if (this.#isOpen(asObject(contentEnd))) this.#end();
  }

  #isOpen(event: JsonObject | undefined): boolean {
    return event !== undefined && this.#start !== undefined && event.contentName === this.#start.contentName;
  }

  #end(): void {
    const { role, toolResultInputConfiguration: result } = this.#start ?? {};
    const [text, toolUseId] = [this.#text, asObject(result)?.toolUseId];
    if (role === "SYSTEM") this.#asked.configure({ instructions: text });
    else if (toolUseId !== undefined) this.#asked.add([{ toolResult: { toolUseId, content: text } }]);
    else this.#asked.add([{ role, content: text }]);
    [this.#start, this.#text] = [undefined, ""];
  }
}

/** The example for Cloudflare, whose calls can be asked which of their lives they are in. */

import { Call as ExampleCall } from "../../../examples/cloudflare_voice_agent/worker.ts";
import type { HibernatableSocket } from "cloudflare:workers";

export { default } from "../../../examples/cloudflare_voice_agent/worker.ts";

/** A call that tells a word made by its constructor, and what it is suspended as. */
export class Call extends ExampleCall {
  readonly #life = crypto.randomUUID();

  override async webSocketMessage(caller: HibernatableSocket, question: string): Promise<void> {
    if (question === "which life?") caller.send(this.#life);
    else if (question === "suspended as?") caller.send(String(caller.deserializeAttachment()));
    else await super.webSocketMessage(caller, question);
  }
}

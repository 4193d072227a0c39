/**
 * The providers that are recognized, one row each. This is the only list of them.
 *
 * @example Which hosts are recognized
 * ```ts
 * import { providers } from "@teespan/teespan/providers";
 *
 * for (const { name, hosts } of providers) console.log(name, hosts);
 * ```
 *
 * @module
 */

import type { Provider } from "../types.ts";
import { anthropic } from "./anthropic.ts";
import { cerebras } from "./cerebras.ts";
import { deepseek } from "./deepseek.ts";
import { fireworks } from "./fireworks.ts";
import { groq } from "./groq.ts";
import { livekit } from "./livekit.ts";
import { mistral } from "./mistral.ts";
import { openai } from "./openai.ts";
import { openrouter } from "./openrouter.ts";
import { perplexity } from "./perplexity.ts";
import { together } from "./together.ts";
import { xai } from "./xai.ts";

export {
  anthropic,
  cerebras,
  deepseek,
  fireworks,
  groq,
  livekit,
  mistral,
  openai,
  openrouter,
  perplexity,
  together,
  xai,
};
export { openaiCompatible } from "../compatible.ts";
export type { OpenAICompatible } from "../compatible.ts";
export type { Provider } from "../types.ts";

/** All of them. */
export const providers: readonly Provider[] = [
  anthropic,
  cerebras,
  deepseek,
  fireworks,
  groq,
  livekit,
  mistral,
  openai,
  openrouter,
  perplexity,
  together,
  xai,
];

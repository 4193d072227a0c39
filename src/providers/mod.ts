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
import { alibaba } from "./alibaba.ts";
import { anthropic } from "./anthropic.ts";
import { avian } from "./avian.ts";
import { azureOpenai } from "./azure_openai.ts";
import { bedrock } from "./bedrock.ts";
import { bedrockMantle } from "./bedrock_mantle.ts";
import { cartesia } from "./cartesia.ts";
import { cerebras } from "./cerebras.ts";
import { cloudflareAiGateway } from "./cloudflare_ai_gateway.ts";
import { cloudflareWorkersAi } from "./cloudflare_workers_ai.ts";
import { cohere } from "./cohere.ts";
import { crusoe } from "./crusoe.ts";
import { deepseek } from "./deepseek.ts";
import { fireworks } from "./fireworks.ts";
import { groq } from "./groq.ts";
import { huggingface } from "./huggingface.ts";
import { livekit } from "./livekit.ts";
import { lmstudio } from "./lmstudio.ts";
import { minimax } from "./minimax.ts";
import { mistral } from "./mistral.ts";
import { moonshot } from "./moonshot.ts";
import { ollama } from "./ollama.ts";
import { openai } from "./openai.ts";
import { openrouter } from "./openrouter.ts";
import { perplexity } from "./perplexity.ts";
import { together } from "./together.ts";
import { vercelGateway } from "./vercel_gateway.ts";
import { xai } from "./xai.ts";
import { zai } from "./zai.ts";

export {
  alibaba,
  anthropic,
  avian,
  azureOpenai,
  bedrock,
  bedrockMantle,
  cartesia,
  cerebras,
  cloudflareAiGateway,
  cloudflareWorkersAi,
  cohere,
  crusoe,
  deepseek,
  fireworks,
  groq,
  huggingface,
  livekit,
  lmstudio,
  minimax,
  mistral,
  moonshot,
  ollama,
  openai,
  openrouter,
  perplexity,
  together,
  vercelGateway,
  xai,
  zai,
};
export { openaiCompatible } from "../compatible.ts";
export type { OpenAICompatible } from "../compatible.ts";
export type { Provider } from "../types.ts";

/** All of them. */
export const providers: readonly Provider[] = [
  alibaba,
  anthropic,
  avian,
  azureOpenai,
  bedrock,
  bedrockMantle,
  cartesia,
  cerebras,
  cloudflareAiGateway,
  cloudflareWorkersAi,
  cohere,
  crusoe,
  deepseek,
  fireworks,
  groq,
  huggingface,
  livekit,
  lmstudio,
  minimax,
  mistral,
  moonshot,
  ollama,
  openai,
  openrouter,
  perplexity,
  together,
  vercelGateway,
  xai,
  zai,
];

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
import { assemblyai } from "./assemblyai.ts";
import { asyncai } from "./asyncai.ts";
import { avian } from "./avian.ts";
import { awsTranscribe } from "./aws_transcribe.ts";
import { azureOpenai } from "./azure_openai.ts";
import { azureSpeech } from "./azure_speech.ts";
import { bedrock } from "./bedrock.ts";
import { bedrockMantle } from "./bedrock_mantle.ts";
import { cartesia } from "./cartesia.ts";
import { cerebras } from "./cerebras.ts";
import { cloudflareAiGateway } from "./cloudflare_ai_gateway.ts";
import { cloudflareWorkersAi } from "./cloudflare_workers_ai.ts";
import { cohere } from "./cohere.ts";
import { crusoe } from "./crusoe.ts";
import { deepgram } from "./deepgram.ts";
import { deepseek } from "./deepseek.ts";
import { elevenlabs } from "./elevenlabs.ts";
import { fireworks } from "./fireworks.ts";
import { fishAudio } from "./fish_audio.ts";
import { gemini } from "./gemini.ts";
import { gladia } from "./gladia.ts";
import { googleStt } from "./google_stt.ts";
import { googleTts } from "./google_tts.ts";
import { groq } from "./groq.ts";
import { huggingface } from "./huggingface.ts";
import { hume } from "./hume.ts";
import { inworld } from "./inworld.ts";
import { livekit } from "./livekit.ts";
import { lmnt } from "./lmnt.ts";
import { lmstudio } from "./lmstudio.ts";
import { minimax } from "./minimax.ts";
import { mistral } from "./mistral.ts";
import { moonshot } from "./moonshot.ts";
import { murf } from "./murf.ts";
import { neuphonic } from "./neuphonic.ts";
import { ollama } from "./ollama.ts";
import { openai } from "./openai.ts";
import { openrouter } from "./openrouter.ts";
import { perplexity } from "./perplexity.ts";
import { phonic } from "./phonic.ts";
import { resemble } from "./resemble.ts";
import { rime } from "./rime.ts";
import { sarvam } from "./sarvam.ts";
import { smallest } from "./smallest.ts";
import { soniox } from "./soniox.ts";
import { speechmatics } from "./speechmatics.ts";
import { together } from "./together.ts";
import { ultravox } from "./ultravox.ts";
import { upliftai } from "./upliftai.ts";
import { vercelGateway } from "./vercel_gateway.ts";
import { vertex } from "./vertex.ts";
import { xai } from "./xai.ts";
import { zai } from "./zai.ts";

export {
  alibaba,
  anthropic,
  assemblyai,
  asyncai,
  avian,
  awsTranscribe,
  azureOpenai,
  azureSpeech,
  bedrock,
  bedrockMantle,
  cartesia,
  cerebras,
  cloudflareAiGateway,
  cloudflareWorkersAi,
  cohere,
  crusoe,
  deepgram,
  deepseek,
  elevenlabs,
  fireworks,
  fishAudio,
  gemini,
  gladia,
  googleStt,
  googleTts,
  groq,
  huggingface,
  hume,
  inworld,
  livekit,
  lmnt,
  lmstudio,
  minimax,
  mistral,
  moonshot,
  murf,
  neuphonic,
  ollama,
  openai,
  openrouter,
  perplexity,
  phonic,
  resemble,
  rime,
  sarvam,
  smallest,
  soniox,
  speechmatics,
  together,
  ultravox,
  upliftai,
  vercelGateway,
  vertex,
  xai,
  zai,
};
export { workersAiBinding } from "./cloudflare_workers_ai.ts";
export { openaiCompatible } from "../compatible.ts";
export { wellKnownRoutes } from "../well_known.ts";
export { personaplex } from "../self_hosted.ts";
export { anthropicMessages } from "../formats/anthropic_messages.ts";
export { gemini as geminiContent } from "../formats/gemini.ts";
export { openaiChat } from "../formats/openai_chat.ts";
export { openaiResponses } from "../formats/openai_responses.ts";
export type { OpenAICompatible } from "../compatible.ts";
export type { SelfHosted } from "../self_hosted.ts";
export type { ChatQuirks, ResponsesQuirks } from "../compatible.ts";
export type * from "../types.ts";

/** All of them. */
export const providers: readonly Provider[] = [
  alibaba,
  anthropic,
  assemblyai,
  asyncai,
  avian,
  awsTranscribe,
  azureOpenai,
  azureSpeech,
  bedrock,
  bedrockMantle,
  cartesia,
  cerebras,
  cloudflareAiGateway,
  cloudflareWorkersAi,
  cohere,
  crusoe,
  deepgram,
  deepseek,
  elevenlabs,
  fireworks,
  fishAudio,
  gemini,
  gladia,
  googleStt,
  googleTts,
  groq,
  huggingface,
  hume,
  inworld,
  livekit,
  lmnt,
  lmstudio,
  minimax,
  mistral,
  moonshot,
  murf,
  neuphonic,
  ollama,
  openai,
  openrouter,
  perplexity,
  phonic,
  resemble,
  rime,
  sarvam,
  smallest,
  soniox,
  speechmatics,
  together,
  ultravox,
  upliftai,
  vercelGateway,
  vertex,
  xai,
  zai,
];

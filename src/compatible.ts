/**
 * Rows for hosts that speak a well-known format: one call each.
 *
 * @module
 */

import { anthropicMessages } from "./formats/anthropic_messages.ts";
import { gemini } from "./formats/gemini.ts";
import { geminiSpeech } from "./formats/gemini_speech.ts";
import { type ChatQuirks, openaiChat } from "./formats/openai_chat.ts";
import { openaiCompletions } from "./formats/openai_completions.ts";
import { openaiResponses, type ResponsesQuirks } from "./formats/openai_responses.ts";
import { openaiSpeech } from "./formats/openai_speech.ts";
import { openaiTranscription } from "./formats/openai_transcription.ts";
import { responsesSocket } from "./formats/responses_socket.ts";
import { speechBody } from "./formats/speech_body.ts";
import { transcriptBody } from "./formats/transcript_body.ts";
import type { Provider, ProviderName, Route, SocketRoute, Verification } from "./types.ts";

export type { ChatQuirks } from "./formats/openai_chat.ts";
export type { ResponsesQuirks } from "./formats/openai_responses.ts";

/** A host that speaks OpenAI's formats. */
export interface OpenAICompatible extends ChatQuirks, ResponsesQuirks {
  /** Its short name. */
  readonly name: ProviderName;
  /** Its name in `gen_ai.provider.name`, if another. */
  readonly genAiName?: string | undefined;
  /** Its host, or hosts, with the port where it is not the scheme's own. */
  readonly host: string | readonly string[];
  /**
   * The formats that it speaks, each at the end of path that OpenAI, or for `messages` Anthropic, has it at.
   *
   * @default ["chat", "completions", "responses"]
   */
  readonly formats?:
    | readonly ("chat" | "completions" | "responses" | "messages" | "speech" | "transcriptions")[]
    | undefined;
  /**
   * Its other routes; they are looked at first.
   *
   * @default []
   */
  readonly routes?: readonly Route[] | undefined;
  /**
   * Its sockets.
   *
   * @default []
   */
  readonly sockets?: readonly SocketRoute[] | undefined;
  /**
   * Response headers that carry an id, the one that support asks for first.
   *
   * @default ["x-request-id"]
   */
  readonly requestIdHeaders?: readonly string[] | undefined;
  /**
   * Whether a stream ends with usage: always, or only where the request asks for it.
   *
   * @default "when asked"
   */
  readonly streamedUsage?: Provider["streamedUsage"] | undefined;
  /** The page that these facts are from. */
  readonly evidence?: string | undefined;
  /**
   * What they were checked with.
   *
   * @default ["documentation only"]
   */
  readonly verifiedBy?: readonly Verification[] | undefined;
}

/**
 * A row for a host that speaks OpenAI's formats.
 *
 * @example A server of one's own
 * ```ts
 * import { openaiCompatible, providers, startTelemetry } from "@teespan/teespan";
 *
 * await using telemetry = startTelemetry({
 *   serviceName: "my-agent",
 *   providers: [openaiCompatible({ name: "acme", host: "llm.acme.example" }), ...providers],
 * });
 * ```
 *
 * @param host what is known of it
 * @returns the row, for {@linkcode InstrumentOptions.providers}
 * @throws {TypeError} when a format is none of those
 */
export function openaiCompatible(host: OpenAICompatible): Provider {
  return {
    name: host.name,
    genAiName: host.genAiName,
    hosts: typeof host.host === "string" ? [host.host] : host.host,
    routes: [...host.routes ?? [], ...routesOf(host)],
    ...host.sockets && { sockets: host.sockets },
    requestIdHeaders: host.requestIdHeaders ?? ["x-request-id"],
    streamedUsage: host.streamedUsage ?? "when asked",
    evidence: host.evidence ?? "https://platform.openai.com/docs/api-reference/chat",
    verifiedBy: host.verifiedBy ?? ["documentation only"],
  };
}

function routesOf(host: OpenAICompatible): Route[] {
  const { formats = ["chat", "completions", "responses"] } = host;
  // chat first: its path ends like that of completions
  const routes = {
    chat: [chatRoute(host)],
    completions: [completionsRoute()],
    responses: [responsesRoute(host)],
    messages: [messagesRoute()],
    speech: [speechRoute()],
    transcriptions: transcriptionRoutes(),
  };
  const odd = formats.find((format) => !Object.hasOwn(routes, format));
  if (odd !== undefined) {
    throw new TypeError(
      `Cannot make a row as formats must be of ${Object.keys(routes).join(", ")}: current value is "${odd}"`,
    );
  }
  return Object.entries(routes).filter(([format]) => formats.some((spoken) => spoken === format))
    .flatMap(([, those]) => those);
}

/** The route of Chat Completions. */
export function chatRoute(quirks: ChatQuirks = {}, path = "/chat/completions"): Route {
  return { method: "POST", path, operation: "llm", format: openaiChat(quirks) };
}

/** The route of Completions. Its path fits the end of that of Chat Completions, so it comes after. */
export function completionsRoute(): Route {
  return { method: "POST", path: "/completions", operation: "llm", format: openaiCompletions() };
}

/** The route of Responses. */
export function responsesRoute(quirks: ResponsesQuirks = {}, path = "/responses"): Route {
  return { method: "POST", path, operation: "llm", format: openaiResponses(quirks) };
}

/** The route of Responses over a socket. */
export function responsesSocketRoute(quirks: ResponsesQuirks = {}): SocketRoute {
  return { path: "/v1/responses", operation: "llm", format: responsesSocket(openaiResponses(quirks)) };
}

/** The route of Anthropic Messages. */
export function messagesRoute(): Route {
  return { method: "POST", path: "/v1/messages", operation: "llm", format: anthropicMessages() };
}

/** Doors that many servers have: recognized on any host, which then is the provider's name. */
export const wellKnownRoutes: readonly Route[] = [
  chatRoute({}, "/v1/chat/completions"),
  responsesRoute({}, "/v1/responses"),
  messagesRoute(),
];

/** The route of TTS. */
export function speechRoute(): Route {
  return {
    method: "POST",
    path: "/audio/speech",
    operation: "tts",
    format: speechBody("openai_speech", openaiSpeech),
  };
}

/** The routes of STT: into text of the language that was spoken, and into English. */
export function transcriptionRoutes(): Route[] {
  const format = transcriptBody("openai_transcription", openaiTranscription);
  return ["/audio/transcriptions", "/audio/translations"].map((path): Route => {
    return { method: "POST", path, operation: "stt", format };
  });
}

/** The routes of Gemini's TTS models. Only their names tell them from others, so these come first. */
export function geminiSpeechRoutes(): Route[] {
  const content = gemini();
  const formatOf = (streamed: boolean) =>
    speechBody("gemini_speech", {
      ...geminiSpeech,
      streamed,
      json(piece, speech) {
        content.open(speech.sink).document(piece);
        geminiSpeech.json(piece, speech);
      },
    });
  const [whole, stream] = [formatOf(false), formatOf(true)];
  return ["/*-tts", "/*-tts-*"].flatMap((model): Route[] => [
    { method: "POST", path: `${model}:generateContent`, operation: "tts", format: whole },
    { method: "POST", path: `${model}:streamGenerateContent`, operation: "tts", format: stream },
  ]);
}

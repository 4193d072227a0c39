/**
 * Rows for hosts that speak a well-known format: one call each.
 *
 * @module
 */

import type { ChatQuirks } from "./formats/openai_chat.ts";
import type { ResponsesQuirks } from "./formats/openai_responses.ts";
import {
  chatRoute,
  completionsRoute,
  messagesRoute,
  responsesRoute,
  speechRoute,
  transcriptionRoutes,
} from "./routes.ts";
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

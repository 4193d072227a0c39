/**
 * Rows for hosts that speak a well-known format: one call each.
 *
 * @module
 */

import { anthropicMessages } from "./formats/anthropic_messages.ts";
import { type ChatQuirks, openaiChat } from "./formats/openai_chat.ts";
import type { Provider, ProviderName, Route, Verification } from "./types.ts";

export type { ChatQuirks } from "./formats/openai_chat.ts";

/** A host that speaks OpenAI's formats. */
export interface OpenAICompatible extends ChatQuirks {
  /** Its short name. */
  readonly name: ProviderName;
  /** Its name in `gen_ai.provider.name`, if another. */
  readonly genAiName?: string | undefined;
  /** Its host, or hosts, with the port where it is not the scheme's own. */
  readonly host: string | readonly string[];
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
 */
export function openaiCompatible(host: OpenAICompatible): Provider {
  return {
    name: host.name,
    genAiName: host.genAiName,
    hosts: typeof host.host === "string" ? [host.host] : host.host,
    routes: [chatRoute(host)],
    requestIdHeaders: host.requestIdHeaders ?? ["x-request-id"],
    streamedUsage: host.streamedUsage ?? "when asked",
    evidence: host.evidence ?? "https://platform.openai.com/docs/api-reference/chat",
    verifiedBy: host.verifiedBy ?? ["documentation only"],
  };
}

/** The route of Chat Completions. */
export function chatRoute(quirks: ChatQuirks = {}): Route {
  return { method: "POST", path: "/chat/completions", operation: "llm", format: openaiChat(quirks) };
}

/** The route of Anthropic Messages. */
export function messagesRoute(): Route {
  return { method: "POST", path: "/v1/messages", operation: "llm", format: anthropicMessages() };
}

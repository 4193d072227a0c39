/** Telemetry on its way to a viewer, by the project's own SDK. */

import { startTelemetry, type Telemetry, type TelemetryOptions } from "../../mod.ts";
import type { Conversation, ConversationOptions } from "./conversation_options.ts";
import { drawConversation } from "./conversations.ts";

/** Telemetry that sends when told to. */
export function telemetryTo(endpoint: string, more: TelemetryOptions = {}): Telemetry {
  return startTelemetry({
    endpoint,
    serviceName: "edge-agent",
    env: {},
    exportIntervalMs: false,
    metricIntervalMs: false,
    maxQueueSize: 50_000,
    register: false,
    ...more,
  });
}

/** Draws conversations and sends them. */
export async function sendConversations(
  endpoint: string,
  all: readonly ConversationOptions[],
): Promise<readonly Conversation[]> {
  await using telemetry = telemetryTo(endpoint);
  const drawn = all.map((options) => drawConversation(telemetry.tracer, options));
  const { complete, droppedSpans } = await telemetry.flush();
  if (!complete || droppedSpans > 0) throw new Error(`Cannot send: ${droppedSpans} spans were dropped`);
  return drawn;
}

/** Asks a viewer for what its page asks for. */
export async function ask<T>(viewer: { readonly url: string }, path: string): Promise<T> {
  const response = await fetch(`${viewer.url}/api/${path}`);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return await response.json() as T;
}

/** A time that is the same in each run, but recent. */
export const NOON: number = Math.floor(Date.now() / 3_600_000) * 3_600_000;

/** A conversation with a refused try, a barge-in and a tool that fails. */
export const EVENTFUL: ConversationOptions = {
  seed: 9,
  startMs: NOON,
  turns: 3,
  refused: [1],
  bargedIn: [0],
  failedTool: [2],
};

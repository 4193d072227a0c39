/** Telemetry on its way to a viewer, by the project's own SDK. */

import { startTelemetry, type Telemetry } from "../../mod.ts";
import { type Conversation, type ConversationOptions, drawConversation } from "./conversations.ts";

/** Telemetry that sends when told to. */
export function telemetryTo(endpoint: string, serviceName = "edge-agent"): Telemetry {
  return startTelemetry({
    endpoint,
    serviceName,
    env: {},
    exportIntervalMs: false,
    metricIntervalMs: false,
    maxQueueSize: 50_000,
    register: false,
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

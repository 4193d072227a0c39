/**
 * What `deno serve` runs in a process that Deno traces: an operation of a session, which asks a provider after a pause.
 * `PROVIDER_URL` is where that is; `HOW` is `core`, or `started`, then ours may go to `COLLECTOR_URL`.
 */

import { startTelemetry } from "@teespan/teespan";
import { instrument } from "@teespan/teespan/core";
import { providers } from "@teespan/teespan/providers";

const fetch = ((input: RequestInfo | URL, init?: RequestInit) =>
  globalThis.fetch(
    new URL(new URL(String(input)).pathname, Deno.env.get("PROVIDER_URL")),
    init,
  )) as typeof globalThis.fetch;
const telemetry = Deno.env.get("HOW") === "core"
  ? undefined
  : startTelemetry({ fetch, endpoint: Deno.env.get("COLLECTOR_URL"), serviceName: "agent" });
const instruments = telemetry ?? instrument({ fetch, providers });

export default {
  async fetch(): Promise<Response> {
    using session = instruments.startSession({ id: "call-1" });
    const text = await session.operation("answer", async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      // not the session's own: its parent is whatever is active, across awaits
      const answer = await instruments.fetch("https://api.openai.com/v1/chat/completions", {
        method: "POST",
        body: "{}",
      });
      return await answer.text();
    });
    session.end({ outcome: "success" });
    const sent = await telemetry?.flush();
    return Response.json({
      text,
      stats: sent && { exported: sent.exportedSpans, dropped: sent.droppedSpans },
    });
  },
} satisfies Deno.ServeDefaultExport;

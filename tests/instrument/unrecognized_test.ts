/** What looks like a call of a provider and fits no route is told of once, and only where it is to be traced. */

import assert from "node:assert/strict";
import { type Context, context, diag, DiagLogLevel } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { WebSocketClass } from "../../mod.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { startKept } from "../support/memory_exporter.ts";

const CALLS = {
  known: "https://api.openai.com/v1/chat/completions",
  unknown: "https://llm.acme.example/v9/infer",
  other: "https://acme.example/orders",
};
const SOCKETS = {
  known: "wss://api.deepgram.com/v1/listen?model=nova-3",
  unknown: "wss://speech.acme.example/v9/listen",
  other: "wss://acme.example/orders",
};

/** Makes calls and opens sockets in that context; gives what was told, and how many spans came of it. */
async function tell(within: (active: Context) => Context) {
  const told: string[] = [];
  const note = (text: string): void => void told.push(text);
  diag.setLogger({ error: note, warn: note, info() {}, debug() {}, verbose() {} }, {
    logLevel: DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  try {
    const telemetry = startKept({
      fetch: () => Promise.resolve(new Response("{}")),
      WebSocket: FakeWebSocket as unknown as WebSocketClass,
    });
    await context.with(within(context.active()), async () => {
      for (const url of [...Object.values(CALLS), ...Object.values(CALLS)]) {
        await (await telemetry.fetch(url, { method: "POST", body: "{}" })).text();
      }
      for (const url of [...Object.values(SOCKETS), ...Object.values(SOCKETS)]) {
        (new telemetry.WebSocket(url) as unknown as FakeWebSocket).shut(1000);
      }
    });
    await telemetry.shutdown();
    return { told, spans: telemetry.spans.length };
  } finally {
    diag.disable();
  }
}

Deno.test("calls and sockets that fit no route are told of, once for each host", async () => {
  const { told, spans } = await tell((active) => active);
  assert.deepEqual(told.map((text) => / (\w+:\/\/\S+) looks like/.exec(text)?.[1]), [
    CALLS.unknown,
    SOCKETS.unknown,
  ]);
  assert.equal(spans, 4);
});

Deno.test("in a context that suppresses tracing nothing is told of, known or not, and nothing recorded", async () => {
  assert.deepEqual(await tell(suppressTracing), { told: [], spans: 0 });
});

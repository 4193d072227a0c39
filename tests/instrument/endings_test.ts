/** The seven endings, over real HTTP: each ends the span once, with all ids that were seen. */

import assert from "node:assert/strict";
import { type EmulatedResponse, type Emulator, startEmulator } from "../../src/testing/mod.ts";
import { type KeptSpan, startKept } from "../support/memory_exporter.ts";

const URL_CHAT = "https://api.openai.com/v1/chat/completions";
const IDS = ["req_ending", "chatcmpl-ending"];

const event = (fields: object): string =>
  `data: ${JSON.stringify({ id: "chatcmpl-ending", model: "gpt-x", ...fields })}\n\n`;
const chunk = (content: string): string => event({ choices: [{ index: 0, delta: { content } }] });
const whole = [
  chunk("Hel"),
  chunk("lo"),
  event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
  event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
  "data: [DONE]\n\n",
];

interface Call {
  readonly fetch: typeof globalThis.fetch;
  readonly emulator: Emulator;
  readonly spans: readonly KeptSpan[];
  post(init?: RequestInit): Promise<Response>;
  /** The one span there must be. */
  span(): Promise<KeptSpan>;
}

/** Runs a test against an emulator, and checks at the end that nothing was left open or ended twice. */
async function withProvider(respond: EmulatedResponse, test: (call: Call) => Promise<void>): Promise<void> {
  await using emulator = await startEmulator({
    respond: {
      ...respond,
      headers: { "x-request-id": "req_ending", "content-type": "text/event-stream", ...respond.headers },
    },
  });
  const telemetry = startKept({ fetch: emulator.fetch });
  await test({
    fetch: telemetry.fetch,
    emulator,
    spans: telemetry.spans,
    post: (init) =>
      telemetry.fetch(URL_CHAT, { method: "POST", body: '{"model":"gpt-x","stream":true}', ...init }),
    async span() {
      await telemetry.flush();
      assert.equal(telemetry.spans.length, 1);
      return telemetry.spans[0]!;
    },
  });
  assert.equal(telemetry.stats().openAttempts, 0);
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length, 1);
}

function assertEnding(span: KeptSpan, outcome: string, ids: readonly string[] = IDS): void {
  assert.equal(span.name, "llm_request_run");
  assert.equal(span.attributes["teespan.outcome"], outcome);
  assert.deepEqual(span.attributes["lk.provider_request_ids"], ids);
}

Deno.test("fetch ends a span when the body is done", () =>
  withProvider({ body: whole, paceMs: 1 }, async ({ post, span }) => {
    const response = await post();
    assert.equal(await response.text(), whole.join(""));
    const { attributes, status } = await span();
    assertEnding(await span(), "success");
    assert.equal(attributes["gen_ai.usage.output_tokens"], 2);
    assert.deepEqual(attributes["gen_ai.response.finish_reasons"], ["stop"]);
    assert.deepEqual(status, { code: 0 });
  }));

Deno.test("fetch ends a span when the reader breaks off, and the provider sees it within milliseconds", () =>
  withProvider(
    { body: [...whole.slice(0, 1), ...Array(500).fill(chunk("x"))], paceMs: 10 },
    async ({ post, span, emulator }) => {
      const response = await post();
      for await (const _ of response.body!) break;
      const left = performance.now();
      assertEnding(await span(), "cancelled");
      const [request] = emulator.requests;
      await request!.ended;
      assert.equal(request!.outcome, "cancelled");
      assert.ok(request!.endedAt! - left < 50, `the provider saw it after ${request!.endedAt! - left} ms`);
    },
  ));

Deno.test("fetch ends a span when its signal aborts, though nobody reads at that moment", () =>
  withProvider({ body: Array(500).fill(chunk("x")), paceMs: 10 }, async ({ post, spans, span, emulator }) => {
    const controller = new AbortController();
    const response = await post({ signal: controller.signal });
    const reader = response.body!.getReader();
    await reader.read();
    const reason = new Error("the user hung up");
    controller.abort(reason);
    assert.equal(spans.length, 0); // ended, but not exported yet
    assertEnding(await span(), "cancelled");
    await assert.rejects(reader.read(), (error) => error === reason);
    await emulator.requests[0]!.ended;
    assert.equal(emulator.requests[0]!.outcome, "cancelled");
  }));

Deno.test("fetch ends a span when the provider resets the connection in mid-stream", () =>
  withProvider(
    { body: whole, fault: { kind: "reset", afterBytes: whole[0]!.length + 10 }, paceMs: 5 },
    async ({ post, span }) => {
      const response = await post();
      await assert.rejects(response.text());
      const ended = await span();
      assertEnding(ended, "error");
      assert.equal(ended.status.code, 2);
      assert.ok(ended.attributes["error.type"]);
      assert.equal(ended.attributes["http.response.status_code"], 200);
    },
  ));

Deno.test("fetch ends a span whose body is never read when telemetry shuts down", async () => {
  await using emulator = await startEmulator({
    respond: { headers: { "x-request-id": "req_ending" }, body: whole },
  });
  const telemetry = startKept({ fetch: emulator.fetch });
  const response = await telemetry.fetch(URL_CHAT, { method: "POST", body: "{}" });
  await telemetry.flush();
  assert.equal(telemetry.spans.length, 0); // it may still be read
  assert.equal(telemetry.stats().openAttempts, 1);
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length, 1);
  assertEnding(telemetry.spans[0]!, "abandoned", ["req_ending"]);
  assert.equal(await response.text(), whole.join("")); // the caller's body still works
  assert.equal(telemetry.spans.length, 1);
});

Deno.test("fetch ends a span on garbage like on any body, and counts what it could not read", () =>
  withProvider({
    body: ["data: {not json\n\n", "\u0000\u0001data: \n\n", chunk("ok"), "data: 7\n\n", ...whole.slice(2)],
  }, async ({ post, span }) => {
    await (await post()).arrayBuffer();
    const ended = await span();
    assertEnding(ended, "success");
    assert.equal(ended.attributes["teespan.unread_frames"], 2);
  }));

Deno.test("fetch ends a span that is open when telemetry shuts down, and leaves the caller's stream alone", async () => {
  await using emulator = await startEmulator({
    respond: {
      headers: { "x-request-id": "req_ending", "content-type": "text/event-stream" },
      body: whole,
      paceMs: 5,
    },
  });
  const telemetry = startKept({ fetch: emulator.fetch });
  const response = await telemetry.fetch(URL_CHAT, { method: "POST", body: "{}" });
  let read = "";
  for await (const bytes of response.body!) {
    read += new TextDecoder().decode(bytes);
    if (telemetry.stats().openAttempts === 1) await telemetry.shutdown();
  }
  assert.equal(read, whole.join(""));
  assert.equal(telemetry.spans.length, 1);
  assertEnding(telemetry.spans[0]!, "abandoned");
});

Deno.test("fetch ends a span that nobody can read any more", async () => {
  await using emulator = await startEmulator({
    respond: { headers: { "x-request-id": "req_lost" }, body: "x" },
  });
  const telemetry = startKept({ fetch: emulator.fetch });
  await (async () => void await telemetry.fetch(URL_CHAT, { method: "POST", body: "{}" }))();
  const collect = (globalThis as { gc?: () => void }).gc ?? await exposedGc();
  for (let tries = 0; tries < 50 && telemetry.stats().openAttempts > 0; tries++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await telemetry.flush();
  assertEnding(telemetry.spans[0]!, "abandoned", ["req_lost"]);
  await telemetry.shutdown();
});

async function exposedGc(): Promise<() => void> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

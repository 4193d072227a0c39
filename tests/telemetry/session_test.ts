import assert from "node:assert/strict";
import type { Telemetry } from "../../mod.ts";
import { startEmulator } from "../../src/testing/mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { type KeptSpan, startKept } from "../support/memory_exporter.ts";

const URL_CHAT = "https://api.openai.com/v1/chat/completions";
const post = { method: "POST", body: '{"model":"gpt-x"}' };

const answer = ((_: unknown, init?: RequestInit) =>
  Promise.resolve(
    init?.headers
      ? new Response('{"error":{"code":"busy"}}', { status: 503, headers: { "x-request-id": "req_503" } })
      : new Response('{"id":"chatcmpl-1"}', { headers: { "x-request-id": "req_1" } }),
  )) as typeof fetch;

const parentId = ({ span }: KeptSpan): string | undefined => span.parentSpanContext?.spanId;
const spanId = ({ span }: KeptSpan): string => span.spanContext().spanId;

async function call(fetch: Telemetry["fetch"], init: RequestInit = {}): Promise<void> {
  await (await fetch(URL_CHAT, { ...post, ...init })).text();
}

Deno.test("a session's attempts hang under its span, from whatever task they are made", async () => {
  const telemetry = startKept({ fetch: answer });
  const session = telemetry.startSession({
    id: "s-1",
    name: "voice.session",
    attributes: { "tenant.id": "acme" },
  });
  await new Promise<void>((resolve) => setTimeout(() => call(session.fetch).then(resolve), 1));
  session.end({ outcome: "success", disconnectReason: "client" });
  await telemetry.shutdown();
  const [attempt, span] = telemetry.spans;
  assert.equal(span!.name, "voice.session");
  assert.equal(parentId(attempt!), spanId(span!));
  assert.equal(span!.attributes["gen_ai.conversation.id"], "s-1");
  assert.equal(span!.attributes["tenant.id"], "acme");
  assert.equal(span!.attributes["outcome"], "success");
  assert.equal(span!.attributes["voice.disconnect_reason"], "client");
  assert.ok(Number(span!.attributes["voice.duration_ms"]) > 0);
});

Deno.test("a span inside a session is the parent, one outside is not", async () => {
  const telemetry = startKept({ fetch: answer });
  const session = telemetry.startSession({ id: "s-1" });
  await session.operation("voice.deliver_initial_greeting", () => call(session.fetch));
  await session.run(() => call(telemetry.fetch));
  await telemetry.tracer.startActiveSpan("elsewhere", async (span) => {
    await call(session.fetch);
    span.end();
  });
  session.end();
  await telemetry.shutdown();
  const [inOperation, operation, inRun, elsewhere, , own] = telemetry.spans;
  assert.equal(operation!.name, "voice.deliver_initial_greeting");
  assert.equal(parentId(inOperation!), spanId(operation!));
  assert.equal(parentId(operation!), spanId(own!));
  assert.equal(parentId(inRun!), spanId(own!));
  assert.equal(parentId(elsewhere!), spanId(own!));
  assert.equal(session.attempts().length, 3);
});

Deno.test("two sessions at once keep their attempts apart", async () => {
  const telemetry = startKept({ fetch: answer });
  const sessions = ["a", "b"].map((id) => telemetry.startSession({ id }));
  await Promise.all(sessions.map((session) => session.run(() => call(session.fetch))));
  await sessions[0]!.run(() => call(sessions[1]!.fetch)); // the handle wins over where it is used
  sessions.forEach((session) => session.end());
  await telemetry.shutdown();
  assert.deepEqual(sessions.map((session) => session.attempts().length), [1, 2]);
});

Deno.test("session.attempts() says which id to send to support", async () => {
  const telemetry = startKept({ fetch: answer });
  using session = telemetry.startSession({ id: "s-1" });
  await call(session.fetch, { headers: { "x-stainless-retry-count": "2" } });
  await call(session.fetch);
  const [failed, done] = session.attempts();
  assert.equal(failed!.outcome, "error");
  assert.equal(failed!.status, 503);
  assert.equal(failed!.errorType, "503");
  assert.equal(failed!.errorCode, "busy");
  assert.equal(failed!.retryIndex, 2);
  assert.deepEqual(failed!.requestIds, [{ id: "req_503", kind: "request" }]);
  assert.deepEqual(done!.requestIds.map(({ kind }) => kind), ["request", "response"]);
  assert.ok(done!.startedAt > 1.7e9 && done!.completedAt >= done!.startedAt);
  assert.ok(
    Object.isFrozen(session.attempts()) && Object.isFrozen(done) && Object.isFrozen(done!.requestIds),
  );
  for (let more = 0; more < 300; more++) await call(session.fetch);
  assert.equal(session.attempts().length, 256);
  await telemetry.shutdown();
});

Deno.test("the end of a session ends what is open in it, and nothing else, once", async () => {
  await using emulator = await startEmulator({
    respond: { body: Array(50).fill("data: {}\n\n"), paceMs: 2, headers: { "x-request-id": "req_1" } },
  });
  const telemetry = startKept({ fetch: emulator.fetch });
  const session = telemetry.startSession({ id: "s-1" });
  const inside = await session.fetch(URL_CHAT, post);
  const outside = await telemetry.fetch(URL_CHAT, post);
  session.end();
  session.end({ outcome: "late" });
  assert.equal(telemetry.stats().openAttempts, 1);
  await inside.text(); // the caller's stream goes on
  await outside.body?.cancel();
  await telemetry.shutdown();
  assert.deepEqual(telemetry.spans.map(({ name, attributes }) => [name, attributes["teespan.outcome"]]), [
    ["llm_request_run", "abandoned"],
    ["agent_session", undefined],
    ["llm_request_run", "cancelled"],
  ]);
  assert.equal(session.attempts()[0]!.outcome, "abandoned");
});

Deno.test("session.operation() marks a span whose work failed, and throws on", async () => {
  const telemetry = startKept();
  using session = telemetry.startSession({ id: "s-1" });
  const error = new RangeError("the caller said: secret words");
  await assert.rejects(
    session.operation("voice.transfer", () => Promise.reject(error)),
    (thrown) => thrown === error,
  );
  await telemetry.shutdown();
  const [span] = telemetry.spans;
  assert.deepEqual(span!.status, { code: 2, message: "RangeError" });
  assert.equal(JSON.stringify(span!.span.events).includes("secret"), false);
});

Deno.test("sessions are counted and timed, with tenant and outcome", async () => {
  await using receiver = await startReceiver();
  const telemetry = startKept({ endpoint: receiver.url, fetch: answer });
  const session = telemetry.startSession({
    id: "s-1",
    attributes: { "tenant.id": "acme", "voice.room_name": "r" },
  });
  session.count("voice.greetings.delivered");
  session.end({ outcome: "success", disconnectReason: "client" });
  await telemetry.shutdown();
  const points = (name: string) => receiver.metrics.find((metric) => metric.name === name)?.points ?? [];
  assert.deepEqual(points("voice.sessions.started").map(({ value, attributes }) => [value, attributes]), [
    [1, { "tenant.id": "acme", "voice.room_name.present": true }],
  ]);
  assert.deepEqual(points("voice.greetings.delivered").map(({ value, attributes }) => [value, attributes]), [
    [1, { "tenant.id": "acme" }],
  ]);
  assert.deepEqual(points("voice.session.duration_ms").map(({ count, attributes }) => [count, attributes]), [
    [1, { "tenant.id": "acme", "voice.disconnect_reason": "client", outcome: "success" }],
  ]);
});

Deno.test("startSession() says what is wrong with its options", async () => {
  const telemetry = startKept();
  using suspended = telemetry.startSession({ id: "before" });
  const text = suspended.suspend();
  const refused = (options: object, message: RegExp): void => {
    const starts = [
      () => telemetry.startSession(options as never),
      () => telemetry.resumeSession(text, options),
      () => telemetry.resumeSession("no text of a session", options),
    ];
    for (const start of starts) assert.throws(start, { name: "TypeError", message });
  };
  assert.throws(() => telemetry.startSession({} as never), /id must be a text that is not empty/);
  refused({ id: "" }, /id must be a text that is not empty/);
  refused({ id: "a", turnDetection: "both" }, /turnDetection must be "provider" or "caller"/);
  refused(
    { id: "a", parent: "00-1-2-01" },
    /parent must be a context or an object .*: current value is "00-1-2-01"/,
  );
  refused({ id: "a", name: "" }, /name must be a text that is not empty/);
  refused({ id: "a", attributes: 7 }, /attributes must be an object: current value is 7/);
  await telemetry.shutdown();
});

import assert from "node:assert/strict";
import { openaiChat } from "../../src/formats/openai_chat.ts";
import { fixture } from "../support/fixtures.ts";
import { startKept } from "../support/memory_exporter.ts";

const call = { operation: "llm", provider: "acme", model: "acme-1", format: openaiChat() } as const;
const { body } = fixture("openai", "chat_stream");

Deno.test("observe() reads a stream as it passes, and ends the span before its end is seen", async () => {
  const telemetry = startKept();
  const stream = await telemetry.observe(call, () => Promise.resolve(new Response(body).body!));
  const bytes = await new Response(stream).bytes();
  assert.deepEqual(bytes, body);
  await telemetry.flush();
  const [span] = telemetry.spans;
  assert.equal(span!.name, "llm_request_run");
  assert.equal(span!.attributes["gen_ai.provider.name"], "acme");
  assert.equal(span!.attributes["gen_ai.request.model"], "acme-1");
  assert.equal(span!.attributes["gen_ai.usage.output_tokens"], 6);
  assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["chatcmpl-BfKt0aTeespan01"]);
  await telemetry.shutdown();
});

Deno.test("observe() reads a plain result, and gives it back as it is", async () => {
  const telemetry = startKept();
  const result = { id: "chatcmpl-7", choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] };
  assert.equal(await telemetry.observe(call, () => result), result);
  await telemetry.shutdown();
  assert.deepEqual(telemetry.spans[0]!.attributes["gen_ai.response.finish_reasons"], ["stop"]);
  assert.equal(telemetry.spans[0]!.attributes["teespan.outcome"], "success");
});

Deno.test("observe() reads a response with its status", async () => {
  const telemetry = startKept();
  const response = await telemetry.observe(
    call,
    () => new Response('{"error":{"code":"busy"}}', { status: 503 }),
  );
  assert.equal((await response.json()).error.code, "busy");
  await telemetry.shutdown();
  assert.equal(telemetry.spans[0]!.attributes["error.type"], "503");
  assert.equal(telemetry.spans[0]!.attributes["teespan.error.code"], "busy");
});

Deno.test("observe() rejects with the very error", async () => {
  const telemetry = startKept();
  const error = Object.assign(new Error("3040: capacity temporarily exceeded"), { code: "E3040" });
  await assert.rejects(telemetry.observe(call, () => Promise.reject(error)), (thrown) => thrown === error);
  await telemetry.shutdown();
  assert.equal(telemetry.spans[0]!.attributes["error.type"], "E3040");
});

Deno.test("observe() gives back what it cannot read", async () => {
  const telemetry = startKept();
  assert.equal(await telemetry.observe(call, () => undefined), undefined);
  assert.equal(await telemetry.observe(call, () => "text"), "text");
  await telemetry.shutdown();
  assert.deepEqual(telemetry.spans.map(({ attributes }) => attributes["teespan.unread_frames"]), [1, 1]);
});

Deno.test("observe() reads a stream although the signal it is given is none", async () => {
  const telemetry = startKept();
  const odd = { ...call, signal: {} as AbortSignal };
  const stream = await telemetry.observe(odd, () => new Response(body).body!);
  assert.deepEqual(await new Response(stream).bytes(), body);
  await telemetry.shutdown();
  assert.equal(telemetry.spans[0]!.attributes["teespan.outcome"], "success");
});

Deno.test("observe() records what is asked where content is wanted", async () => {
  const telemetry = startKept({ content: { prompts: true } });
  const input = { stream: false, messages: [{ role: "user", content: "Hi" }] };
  await telemetry.observe({ ...call, input }, () => ({ choices: [{ message: { content: "Hello" } }] }));
  await telemetry.shutdown();
  const { attributes } = telemetry.spans[0]!;
  assert.equal(
    attributes["gen_ai.input.messages"],
    '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
  );
  assert.match(String(attributes["gen_ai.output.messages"]), /"content":"Hello"/);
});

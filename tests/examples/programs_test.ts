/** Examples that run in Deno, as their tasks run them, against emulated providers. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startCartesia } from "../../examples/agent/emulated_cartesia.ts";
import { startEmulator } from "../../src/testing/mod.ts";
import { chatStream, runExample, startExample } from "../support/run_example.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { askBySocket } from "../support/voice_caller.ts";

Deno.test("examples/ai_sdk prints the answer and the ids of its one attempt", async () => {
  await using receiver = await startReceiver();
  await using emulator = await startEmulator({ respond: chatStream() });
  const printed = await runExample("ai-sdk", {
    env: { EMULATOR_URL: emulator.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  assert.match(printed, /A span is a \nmeasured piece of work/);
  assert.match(printed, /openai 200 req_0f2c6b7d1e chatcmpl-BfKt0aTeespan01/);
  assert.deepEqual(receiver.spans.map(({ name }) => name), ["llm_request_run", "agent_session"]);
});

Deno.test("examples/custom_provider reads Acme's ids, usage and first output", async () => {
  await using receiver = await startReceiver();
  await using emulator = await startEmulator({
    respond: {
      headers: { "x-acme-request": "req_acme" },
      body: ['{"run":"run_1"}\n{"te', 'xt":"A span"}\nno json\n', '{"tokens":{"in":7,"out":3}}'],
    },
  });
  const printed = await runExample("custom-provider", {
    env: { EMULATOR_URL: emulator.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  assert.match(printed, /"text":"A span"/);
  const { attributes } = receiver.spans[0]!;
  assert.equal(attributes["gen_ai.provider.name"], "acme");
  assert.equal(attributes["gen_ai.request.model"], "acme-large");
  assert.deepEqual(attributes["lk.provider_request_ids"], ["req_acme", "run_1"]);
  assert.equal(attributes["gen_ai.usage.input_tokens"], 7);
  assert.equal(attributes["teespan.unread_frames"], 1);
  assert.ok(Number(attributes["lk.response.ttft"]) > 0);
});

Deno.test("examples/deno_voice_agent answers in audio, under a session that hangs under its request", async () => {
  await using receiver = await startReceiver();
  await using emulator = await startEmulator({ respond: chatStream() });
  await using cartesia = await startCartesia();
  await using agent = startExample("voice", {
    env: {
      EMULATOR_URL: emulator.url,
      EMULATOR_SOCKETS_URL: cartesia.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      PORT: "0",
    },
  });
  const address = await firstMatch(agent, /http:\/\/[\d.]+:(\d+)/);
  const url = `ws://127.0.0.1:${address[1]}/voice/acme`;
  const { text, audioBytes } = await askBySocket(url, "What is a span?");
  assert.match(text, /^A span is a measured piece of work/);
  assert.ok(audioBytes > 10_000, String(audioBytes));
  const spans = await receiver.waitForSpans(4);
  const named = (name: string) => spans.find((span) => span.name === name)!;
  const session = named("voice.session");
  assert.equal(session.parentSpanId, named("GET /voice/:tenant").spanId);
  assert.equal(session.attributes["tenant.id"], "acme");
  for (const name of ["llm_request_run", "tts_request_run"]) {
    assert.equal(named(name).parentSpanId, session.spanId);
  }
});

Deno.test("examples/collector is checked by its task, with that task's permissions", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "collector"],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.equal(code, 0, text + new TextDecoder().decode(stderr));
  assert.match(text, /ok \| 4 passed \| 0 failed/);
});

/** Waits until a program says something. */
async function firstMatch({ stdout, stderr }: Deno.ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let said = "";
  const both = [stdout, stderr].map(async (output) => {
    for await (const part of output) {
      said += new TextDecoder().decode(part);
      const found = pattern.exec(said);
      if (found !== null) return found;
    }
    throw new Error(`The program said: ${said}`);
  });
  return await Promise.any(both);
}

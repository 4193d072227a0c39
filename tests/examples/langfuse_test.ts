/** The example for Langfuse: what it sends, and what Langfuse makes of it by its own rules. */

import assert from "node:assert/strict";
import { startCartesia } from "../../examples/agent/emulated_cartesia.ts";
import { type ReceivedSpan, startEmulator } from "../../src/testing/mod.ts";
import { startAnyPath } from "../support/any_path.ts";
import { chatStream, endExample, runExample } from "../support/run_example.ts";

/** An observation, as Langfuse shows it. */
interface Observation {
  readonly type: string;
  readonly model: unknown;
  readonly userId: unknown;
  readonly sessionId: unknown;
  readonly usage: Readonly<Record<string, unknown>>;
  readonly completionStartTime: Date | undefined;
}

/** Its types by `gen_ai.operation.name`; whatever else has a model is a generation, too. */
const TYPES: Readonly<Record<string, string>> = {
  chat: "GENERATION",
  text_completion: "GENERATION",
  generate_content: "GENERATION",
  embeddings: "EMBEDDING",
  invoke_agent: "AGENT",
  execute_tool: "TOOL",
};

/**
 * Reads a span as Langfuse does.
 *
 * @see {@link https://langfuse.com/integrations/native/opentelemetry#property-mapping}
 */
function observe({ attributes }: ReceivedSpan): Observation {
  const model = attributes["gen_ai.response.model"] ?? attributes["gen_ai.request.model"];
  const began = attributes["langfuse.observation.completion_start_time"];
  const usage = Object.entries(attributes).flatMap(([name, value]) => {
    const [, what] = /^gen_ai\.usage\.(.*)$/.exec(name) ?? [];
    return what === undefined ? [] : [[what.replace(/^(input|output)_tokens$/, "$1"), Number(value)]];
  });
  return {
    type: TYPES[String(attributes["gen_ai.operation.name"])] ?? (model === undefined ? "SPAN" : "GENERATION"),
    model,
    userId: attributes["user.id"],
    sessionId: attributes["session.id"],
    usage: Object.fromEntries(usage),
    completionStartTime: began === undefined ? undefined : new Date(JSON.parse(String(began))),
  };
}

const KEYS = { LANGFUSE_PUBLIC_KEY: "pk-lf-1", LANGFUSE_SECRET_KEY: "sk-lf-2" };

Deno.test("examples/langfuse sends a session of spoken answers, as Langfuse wants it", async () => {
  await using langfuse = await startAnyPath();
  await using openai = await startEmulator({ respond: chatStream() });
  await using cartesia = await startCartesia();
  const printed = await runExample("langfuse", {
    args: ["What is a span?", "And what is a trace?"],
    env: {
      ...KEYS,
      LANGFUSE_BASE_URL: langfuse.url,
      EMULATOR_URL: openai.url,
      EMULATOR_SOCKETS_URL: cartesia.url,
    },
  });
  assert.equal(printed.match(/A span is a measured piece of work/g)?.length, 2);
  const [, conversation] = /session (chat-[\da-f-]+)/.exec(printed)!;

  // nothing else goes out: it takes no metrics
  assert.ok(langfuse.requests.length > 0);
  for (const { path, headers } of langfuse.requests) {
    assert.equal(path, "/api/public/otel/v1/traces");
    assert.equal(headers.get("authorization"), `Basic ${btoa("pk-lf-1:sk-lf-2")}`);
    assert.equal(headers.get("content-type"), "application/x-protobuf");
  }

  const { spans } = langfuse.receiver;
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [trace, ...more] = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
  assert.deepEqual(more, []);
  assert.equal(trace!.name, "agent_session");
  assert.equal(trace!.attributes["langfuse.trace.name"], "spoken answers");
  assert.deepEqual(trace!.attributes["langfuse.trace.tags"], ["example", "voice"]);

  const turns = named("agent_turn");
  assert.equal(turns.length, 2);
  for (const span of [trace!, ...turns]) {
    const { userId, sessionId } = observe(span);
    assert.deepEqual({ userId, sessionId }, { userId: "user-7", sessionId: conversation });
  }
  for (const [at, turn] of turns.entries()) {
    assert.equal(turn.parentSpanId, trace!.spanId);
    const [llm] = named("llm_request_run").filter(({ parentSpanId }) => parentSpanId === turn.spanId);
    const [tts] = named("tts_request_run").filter(({ parentSpanId }) => parentSpanId === turn.spanId);
    const generation = observe(llm!);
    assert.equal(generation.type, "GENERATION");
    assert.match(String(generation.model), /^gpt-/);
    assert.equal(generation.usage.output, 6, String(at));
    // what Langfuse counts as the time to the first token
    const toFirstToken = generation.completionStartTime!.getTime() / 1000 -
      Number(llm!.startTimeUnixNano) / 1e9;
    assert.ok(
      Math.abs(toFirstToken - Number(llm!.attributes["lk.response.ttft"])) < 0.002,
      `${toFirstToken}`,
    );
    assert.deepEqual(
      [observe(tts!).type, observe(tts!).model, observe(tts!).completionStartTime],
      ["GENERATION", "sonic-3.5", undefined],
    );
  }
});

Deno.test("examples/langfuse says which keys are missing, and calls nobody", async () => {
  await using openai = await startEmulator({ respond: chatStream() });
  const { code, stdout, stderr } = await endExample("langfuse", {
    env: { LANGFUSE_PUBLIC_KEY: "pk-lf-1", LANGFUSE_SECRET_KEY: "", EMULATOR_URL: openai.url },
  });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /Cannot send to Langfuse as values are missing: give secretKey or LANGFUSE_SECRET_KEY$/m,
  );
  assert.deepEqual(openai.requests, []);
});

Deno.test("examples/langfuse marks a session whose model refused", async () => {
  await using langfuse = await startAnyPath();
  await using openai = await startEmulator({
    respond: {
      status: 401,
      headers: { "x-request-id": "req_no" },
      body: '{"error":{"code":"invalid_api_key"}}',
    },
  });
  await using cartesia = await startCartesia();
  const env = { ...KEYS, LANGFUSE_BASE_URL: langfuse.url, EMULATOR_URL: openai.url };
  const { code, stderr } = await endExample("langfuse", {
    env: { ...env, EMULATOR_SOCKETS_URL: cartesia.url },
  });
  assert.equal(code, 1);
  assert.match(stderr, /401/);
  const status = (name: string) =>
    langfuse.receiver.spans.filter((span) => span.name === name).map(({ status }) => status.code);
  assert.deepEqual([status("agent_session"), status("llm_request_run")], [["ERROR"], ["ERROR"]]);
});

/** Everything on a tracer provider of the application's. */

import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-web";
import assert from "node:assert/strict";
import { instrument, type Instrumented } from "../../src/core.ts";
import { bedrock } from "../../src/providers/bedrock.ts";
import { openai } from "../../src/providers/openai.ts";
import { failLater, keepSpans } from "../support/memory_exporter.ts";

const CHAT = "https://api.openai.com/v1/chat/completions";
const post = { method: "POST", body: '{"model":"gpt-x"}' };
const answer = (() =>
  Promise.resolve(
    new Response('{"id":"chatcmpl-1"}', { headers: { "x-request-id": "req_1" } }),
  )) as typeof fetch;

/** Instruments on a provider that is not ours. */
function start(changes: object = {}) {
  const exporter = keepSpans();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const instruments = instrument({
    providers: [bedrock, openai],
    tracerProvider: provider,
    fetch: answer,
    onError: failLater,
    ...changes,
  });
  const span = (name: string) => exporter.spans.find((kept) => kept.name === name)!.span;
  return { instruments, provider, span, spans: exporter.spans };
}

async function call({ fetch }: Pick<Instrumented, "fetch">): Promise<void> {
  await (await fetch(CHAT, post)).text();
}

Deno.test("instrument() has sessions, turns and attempts on another provider", async () => {
  const { instruments, provider, span, spans } = start();
  const session = instruments.startSession({ id: "s-1" });
  const turn = session.agentTurn();
  await call(turn);
  turn.end();
  session.end({ outcome: "success" });
  await provider.shutdown();
  assert.deepEqual(spans.map(({ name }) => name), ["llm_request_run", "agent_turn", "agent_session"]);
  const [attempt, reply, whole] = [span("llm_request_run"), span("agent_turn"), span("agent_session")];
  assert.equal(attempt.parentSpanContext?.spanId, reply.spanContext().spanId);
  assert.equal(reply.parentSpanContext?.spanId, whole.spanContext().spanId);
  assert.deepEqual(attempt.attributes["lk.provider_request_ids"], ["req_1", "chatcmpl-1"]);
  assert.equal(whole.status.code, SpanStatusCode.UNSET);
  assert.equal(session.attempts().length, 1);
  assert.deepEqual(whole.links, []);
});

Deno.test("instrument() goes on with a session in a span of its own, linked to the first", async () => {
  for (const parent of [undefined, "above"]) {
    const { instruments, provider, spans } = start();
    const above = provider.getTracer("app").startSpan("above");
    const within = parent && trace.setSpan(context.active(), above);
    const first = instruments.startSession({ id: "s-1", parent: within || undefined });
    await call(first);
    const text = first.suspend();
    first.end();
    assert.deepEqual(spans.map(({ name }) => name), ["llm_request_run", "agent_session"], "the first ended");

    const second = instruments.resumeSession(text);
    await call(second);
    assert.equal(second.end().attempts.total, 2);
    const sessions = spans.filter(({ name }) => name === "agent_session").map(({ span }) => span);
    assert.equal(sessions.length, 2);
    const [before, after] = sessions.map((span) => span.spanContext());
    assert.equal(after!.traceId, before!.traceId);
    assert.notEqual(after!.spanId, before!.spanId);
    assert.deepEqual(sessions[1]!.links.map(({ context }) => context.spanId), [before!.spanId]);
    const expected = parent ? above.spanContext().spanId : before!.spanId;
    assert.equal(sessions[1]!.parentSpanContext?.spanId, expected);
    assert.equal(sessions[1]!.attributes["gen_ai.conversation.id"], "s-1");
    assert.equal(spans.at(-2)!.span.parentSpanContext?.spanId, after!.spanId);
    await provider.shutdown();
  }
});

Deno.test("instrument().within() makes children of a context, without AsyncLocalStorage", async () => {
  const { instruments, provider, span } = start();
  const above = provider.getTracer("app").startSpan("above");
  const view = instruments.within(trace.setSpan(context.active(), above));
  await call(view);
  view.startSession({ id: "s-1" }).end();
  assert.equal("flush" in view, false);
  await provider.shutdown();
  for (const name of ["llm_request_run", "agent_session"]) {
    assert.equal(span(name).parentSpanContext?.spanId, above.spanContext().spanId);
  }
});

Deno.test("requestHandler() of instruments, sessions and turns leaves attempts where they belong", async () => {
  const { instruments, provider, spans } = start();
  const handler = {
    handle: (_request: unknown) =>
      Promise.resolve({
        response: {
          statusCode: 200,
          headers: { "content-type": "application/json", "x-amzn-requestid": "req-1" },
          body: new TextEncoder().encode('{"output":{},"usage":{"inputTokens":1,"outputTokens":2}}'),
        },
      }),
  };
  const request = {
    method: "POST",
    protocol: "https:",
    hostname: "bedrock-runtime.eu-west-1.amazonaws.com",
    path: "/model/acme.model-1/converse",
    headers: {},
    body: "{}",
  };
  const session = instruments.startSession({ id: "s-1" });
  const turn = session.agentTurn();
  for (const { requestHandler } of [instruments, session, turn]) {
    await requestHandler(handler).handle(request);
  }
  turn.end();
  session.end();
  await provider.shutdown();
  const parents = spans.filter(({ name }) => name === "llm_request_run")
    .map(({ span }) =>
      spans.find((kept) => kept.span.spanContext().spanId === span.parentSpanContext?.spanId)?.name
    );
  assert.deepEqual(parents, [undefined, "agent_turn", "agent_turn"]);
  assert.throws(() => instruments.requestHandler(7 as never), {
    name: "TypeError",
    message: 'Cannot instrument a request handler as it must have a method "handle": current value is 7',
  });
});

Deno.test("instrument() says what is wrong with its options", () => {
  assert.throws(() => instrument({ providers: [], fetch: 7 as never }), {
    name: "TypeError",
    message: "Cannot instrument as fetch must be a function: current value is 7",
  });
  assert.throws(() => instrument({ providers: [], tracerProvider: {} as never }), { name: "TypeError" });
  assert.throws(() => instrument({} as never), {
    name: "TypeError",
    message: "Cannot instrument as providers must be a list: current value is undefined",
  });
});

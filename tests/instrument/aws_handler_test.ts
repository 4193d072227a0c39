import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { context, createContextKey } from "@opentelemetry/api";
import { instrumentRequestHandler } from "../../src/core.ts";
import { providers } from "../../src/providers/mod.ts";
import type { InstrumentOptions } from "../../src/instrument/options.ts";
import type { Stage } from "../../src/stream/shield.ts";
import { startKept } from "../support/memory_exporter.ts";

/** A request as the SDK makes it. */
function requestTo(hostname: string, changes: object = {}) {
  const [method, protocol, path] = ["POST", "https:", "/model/acme.model-1/converse"];
  return { method, protocol, hostname, path, query: {}, headers: {}, body: "{}", ...changes };
}

const BEDROCK = "bedrock-runtime.eu-west-1.amazonaws.com";
const TRANSCRIBE = "transcribestreaming.eu-west-1.amazonaws.com";

/** A handler with private members, as they may be. */
class ToyHandler {
  readonly metadata = { handlerProtocol: "toy" };
  readonly seen: { request: unknown; options: unknown }[] = [];
  readonly #answer: unknown;
  #destroyed = false;

  constructor(answer: unknown) {
    this.#answer = answer;
  }

  handle(request: unknown, options?: unknown): Promise<unknown> {
    this.seen.push({ request, options });
    return this.#answer instanceof Error ? Promise.reject(this.#answer) : Promise.resolve(this.#answer);
  }

  destroy(): void {
    this.#destroyed = true;
  }

  get destroyed(): boolean {
    return this.#destroyed;
  }
}

/** Calls through a wrapped handler, and the spans that they left. */
async function through(
  handler: ToyHandler,
  use: (wrapped: ToyHandler) => Promise<unknown>,
  options: Partial<InstrumentOptions> = {},
) {
  const telemetry = startKept({ register: false });
  const { tracerProvider, meterProvider } = telemetry;
  const wrapped = instrumentRequestHandler(handler, { providers, tracerProvider, meterProvider, ...options });
  const result = await use(wrapped);
  await telemetry.shutdown();
  return { result, spans: telemetry.spans.map(({ name, attributes }) => ({ name, attributes })) };
}

const json = (body: unknown) => ({
  response: {
    statusCode: 200,
    headers: { "Content-Type": "application/json", "X-Amzn-RequestId": "req-1" },
    body: new TextEncoder().encode(JSON.stringify(body)),
  },
});

Deno.test("instrumentRequestHandler() hands on the same request, options and answer, and reads what is there", async () => {
  const answer = json({ stopReason: "end_turn", usage: { inputTokens: 3, outputTokens: 4 } });
  const handler = new ToyHandler(answer);
  const request = requestTo(BEDROCK);
  const options = { requestTimeout: 5 };
  const { result, spans } = await through(handler, (wrapped) => wrapped.handle(request, options));
  assert.equal(result, answer);
  assert.equal(handler.seen[0]!.request, request);
  assert.equal(handler.seen[0]!.options, options);
  const [span] = spans;
  assert.equal(span!.name, "llm_request_run");
  assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["req-1"]);
  assert.equal(span!.attributes["gen_ai.request.model"], "acme.model-1");
  assert.equal(span!.attributes["gen_ai.usage.output_tokens"], 4);
});

Deno.test("instrumentRequestHandler() leaves unknown services alone, down to the promise and the body", async () => {
  const handler = new ToyHandler(json({}));
  const body = new PassThrough();
  const { emit } = body;
  const others = [
    requestTo("s3.eu-west-1.amazonaws.com", { body }),
    requestTo(TRANSCRIBE, { body, path: "/other" }),
    requestTo(TRANSCRIBE, { body, path: "/stream-transcription", protocol: "wss:" }),
    requestTo("not a host"),
    {},
  ];
  const { spans } = await through(handler, async (wrapped) => {
    for (const request of others) await wrapped.handle(request);
  });
  assert.deepEqual(spans, []);
  assert.deepEqual(handler.seen.map(({ request }) => request), others);
  assert.equal(body.emit, emit);
});

Deno.test("instrumentRequestHandler() passes errors on by identity, and ends with them", async () => {
  const refused = Object.assign(new Error("canary"), { code: "ECONNREFUSED" });
  const { spans } = await through(new ToyHandler(refused), async (wrapped) => {
    await assert.rejects(wrapped.handle(requestTo(BEDROCK)), (error) => error === refused);
    const stream = requestTo(TRANSCRIBE, { path: "/stream-transcription", body: new PassThrough() });
    await assert.rejects(wrapped.handle(stream), (error) => error === refused);
  });
  assert.deepEqual(spans.map(({ name, attributes }) => [name, attributes["error.type"]]), [
    ["llm_request_run", "ECONNREFUSED"],
    ["stt_request_run", "ECONNREFUSED"],
  ]);
  assert.equal(JSON.stringify(spans).includes("canary"), false);
});

Deno.test("instrumentRequestHandler() is the handler in all else, private members included", () => {
  const handler = new ToyHandler(json({}));
  const wrapped = instrumentRequestHandler(handler, { providers });
  assert.ok(wrapped instanceof ToyHandler);
  assert.equal(wrapped.metadata, handler.metadata);
  assert.equal(wrapped.destroyed, false);
  wrapped.destroy();
  assert.equal(wrapped.destroyed, true);
  assert.equal(handler.destroyed, true);
});

Deno.test("instrumentRequestHandler() wraps a wrapped handler anew, not twice", async () => {
  const handler = new ToyHandler(json({}));
  const { spans } = await through(
    instrumentRequestHandler(handler, {
      providers,
      activeContext: () => assert.fail("the inner one is gone"),
    }),
    (wrapped) => wrapped.handle(requestTo(BEDROCK)),
  );
  assert.equal(spans.length, 1);
  assert.equal(handler.seen.length, 1);
});

Deno.test("instrumentRequestHandler() does nothing where tracing is suppressed, and survives its own trouble", async () => {
  const suppressed = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
  const call = (wrapped: ToyHandler) => wrapped.handle(requestTo(BEDROCK));
  const quiet = await through(new ToyHandler(json({})), call, {
    activeContext: () => context.active().setValue(suppressed, true),
  });
  assert.deepEqual(quiet.spans, []);

  const troubles: [unknown, Stage][] = [];
  const broken = new Error("mine");
  const answer = json({});
  const { result, spans } = await through(new ToyHandler(answer), call, {
    activeContext: () => {
      throw broken;
    },
    onError: (error, stage) => void troubles.push([error, stage]),
  });
  assert.equal(result, answer);
  assert.deepEqual(spans, []);
  assert.deepEqual(troubles, [[broken, "match"]]);
});

Deno.test("instrumentRequestHandler() refuses what is no handler", () => {
  for (const handler of [undefined, {}, { handle: 1 }]) {
    assert.throws(() => instrumentRequestHandler(handler as never, { providers }), {
      name: "TypeError",
      message: /^Cannot instrument a request handler as it must have a method "handle": current value is /,
    });
  }
});

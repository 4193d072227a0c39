/** The examples for other runtimes, served by their tasks and in Miniflare, against emulated providers. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startCartesia } from "../../examples/agent/emulated_cartesia.ts";
import { startDeepgram } from "../../examples/agent/emulated_deepgram.ts";
import { startProviders } from "../../examples/agent/emulated_providers.ts";
import { placeCall } from "../../examples/agent/phone.ts";
import { type Emulator, type Receiver, startEmulator } from "../../src/testing/mod.ts";
import { chatStream } from "../support/run_example.ts";
import { askBySocket, type Line, openLine } from "../support/voice_caller.ts";
import { FOLDER } from "./host/install.ts";
import { type Program, readAddress, startProgram } from "./host/program.ts";
import { type ExampleWorker, inMiniflare, type Variables } from "./host/served_examples.ts";
import { IDLE_MS } from "./host/workerd.ts";
import { startReceiver } from "../support/strict_receiver.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Keys of providers; the port is any. */
const KEYS = { PORT: "0", OPENAI_API_KEY: "sk-test", CARTESIA_API_KEY: "key" };

/** A server, and where it is. */
type Served = Program & { readonly url: string };

async function located(program: Program): Promise<Served> {
  return Object.assign(program, { url: await readAddress(program.stdout) });
}

/** Serves an example as its task does. */
function serveByTask(task: string, env: Variables): Promise<Served> {
  const options = { cwd: ROOT, env: { NO_COLOR: "1", ...KEYS, ...env }, stopBy: "SIGTERM" } as const;
  return located(startProgram(Deno.execPath(), ["task", task], options));
}

/** Serves a Worker among the examples in Miniflare. */
async function serveWorker({ variables, ...worker }: ExampleWorker): Promise<Served> {
  const { program, args, env } = await inMiniflare({ ...worker, variables: { ...KEYS, ...variables } });
  return located(startProgram(program, args, { cwd: FOLDER, env: { ...env }, stopBy: "SIGTERM" }));
}

/** Asks an agent over HTTP, and checks that the attempt hangs under the request. */
async function ask(url: string, request: string, receiver: Receiver): Promise<string> {
  const response = await fetch(url, { method: "POST", body: "What is a span?" });
  const text = await response.text();
  const spans = await receiver.waitForSpans(2);
  const served = spans.find(({ name }) => name === request)!;
  const attempt = spans.find(({ name }) => name === "llm_request_run")!;
  assert.equal(served.kind, "SERVER");
  assert.equal(attempt.parentSpanId, served.spanId);
  assert.equal(attempt.attributes["gen_ai.usage.output_tokens"], 6);
  return text;
}

/** Registers the tests. */
export function testExamples(): void {
  Deno.test("deno task bun: the agent streams its answer", async () => {
    await using receiver = await startReceiver();
    await using openai = await startEmulator({ respond: chatStream() });
    const env = { EMULATOR_URL: openai.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    await using agent = await serveByTask("bun", env);
    assert.match(
      await ask(`${agent.url}/chat`, "POST /chat", receiver),
      /^A span is a measured piece of work/,
    );
  });

  Deno.test("deno task vercel: the agent streams its answer, and sends through the platform's waitUntil", async () => {
    await using receiver = await startReceiver();
    await using openai = await startEmulator({ respond: chatStream() });
    const env = { EMULATOR_URL: openai.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    await using agent = await serveByTask("vercel", env);
    assert.match(await ask(`${agent.url}/api/chat`, "POST /api/chat", receiver), /A span is a /);
  });

  Deno.test("deno task cloudflare: the agent answers in audio, under a session that hangs under its request", async () => {
    await using receiver = await startReceiver();
    await using openai = await startEmulator({ respond: chatStream() });
    await using cartesia = await startCartesia();
    await using agent = await serveByTask("cloudflare", {
      EMULATOR_URL: openai.url,
      EMULATOR_SOCKETS_URL: cartesia.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
    const { text, audioBytes } = await askBySocket(
      `${agent.url.replace("http", "ws")}/calls/one`,
      "What is a span?",
    );
    assert.match(text, /^A span is a measured piece of work/);
    assert.ok(audioBytes > 10_000, String(audioBytes));
    const spans = await receiver.waitForSpans(5);
    const named = (name: string) => spans.find((span) => span.name === name)!;
    const session = named("voice.session");
    assert.equal(named("GET").parentSpanId, named("GET /calls/:id").spanId);
    assert.equal(session.parentSpanId, named("GET").spanId);
    for (const name of ["llm_request_run", "tts_request_run"]) {
      assert.equal(named(name).parentSpanId, session.spanId);
    }
  });

  Deno.test("examples/cloudflare_voice_agent: a call goes on after its object left memory, as one session", async () => {
    await using receiver = await startReceiver();
    await using openai = await startEmulator({ respond: chatStream() });
    await using cartesia = await startCartesia();
    await using agent = await serveWorker({
      folder: "cloudflare_voice_agent",
      entry: "call_lives.ts",
      variables: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      emulators: { "api.openai.com": openai.url, "api.cartesia.ai": cartesia.url },
    });
    const line = await openLine(`${agent.url.replace("http", "ws")}/calls/one`);
    const lifeNow = async () => (await line.ask("which life?")).text;
    // at once: both belong to one session, which is suspended when the last is answered
    const both = await Promise.all([line.ask("What is a span?"), line.ask("And a trace?")]);
    for (const { text } of both) assert.match(text, /^A span is a measured piece of work/);
    const firstLife = await lifeNow();
    const suspended = (await line.ask("suspended as?")).text;
    assert.ok(new TextEncoder().encode(suspended).length < 2048, suspended);

    let secondLife = firstLife;
    for (let tries = 0; tries < 4 && secondLife === firstLife; tries++) {
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      secondLife = await lifeNow();
    }
    assert.notEqual(secondLife, firstLife);

    await line.ask("And a metric?");
    await line.close();
    const spans = await receiver.waitForSpans((some) => some.some(({ name }) => name === "voice.session"));
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [session, ...others] = named("voice.session");
    assert.deepEqual(others, []);
    const { traceId, spanId } = JSON.parse(suspended.slice(suspended.indexOf("{")));
    assert.deepEqual([session!.traceId, session!.spanId], [traceId, spanId]);
    assert.equal(session!.parentSpanId, named("GET")[0]!.spanId);
    for (const name of ["llm_request_run", "tts_request_run"]) {
      assert.deepEqual(
        named(name).map((span) => [span.traceId, span.parentSpanId]),
        Array(3).fill([traceId, spanId]),
      );
    }
    const [begun, ended] = [session!.startTimeUnixNano, session!.endTimeUnixNano];
    for (const { startTimeUnixNano, endTimeUnixNano } of named("llm_request_run")) {
      assert.ok(begun <= startTimeUnixNano && endTimeUnixNano <= ended);
    }
    const started = receiver.metrics.filter(({ name }) => name === "voice.sessions.started");
    assert.deepEqual(
      started.flatMap(({ points }) => points.map((point) => "value" in point && point.value)),
      [1],
    );
  });

  /** A call that ends so while the model answers. */
  const inTheMiddle = (end: (line: Line) => void) => ({
    respond: { ...chatStream(), paceMs: 100, chunkBytes: 64 },
    talk: async (line: Line, openai: Emulator) => {
      const answer = assert.rejects(line.ask("What is a span?"), /closed/);
      while ((openai.requests[0]?.chunksSent ?? 0) < 2) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      end(line);
      await answer;
    },
    attempt: "abandoned",
  });
  const endings = {
    "whose model refuses": {
      respond: { status: 401, body: '{"error":{"code":"invalid_api_key"}}' },
      talk: async (line: Line) => {
        await assert.rejects(line.ask("What is a span?"), /1011/);
      },
      end: { outcome: "error", "voice.disconnect_reason": undefined },
      attempt: "error",
    },
    "whose caller hangs up in the middle of an answer": {
      ...inTheMiddle((line) => void line.close()),
      end: { outcome: "success", "voice.disconnect_reason": "client" },
    },
    "whose line breaks in the middle of an answer": {
      ...inTheMiddle((line) => line.vanish()),
      end: { outcome: "error", "voice.disconnect_reason": "broken" },
    },
    "whose caller sends garbage in the middle of an answer": {
      ...inTheMiddle((line) => line.garble()),
      end: { outcome: "error", "voice.disconnect_reason": "broken" },
    },
  };
  for (const [which, { respond, talk, end, attempt }] of Object.entries(endings)) {
    Deno.test(`examples/cloudflare_voice_agent: a call ${which} leaves one session`, async () => {
      await using receiver = await startReceiver();
      await using openai = await startEmulator({ respond });
      await using cartesia = await startCartesia();
      await using agent = await serveWorker({
        folder: "cloudflare_voice_agent",
        variables: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
        emulators: { "api.openai.com": openai.url, "api.cartesia.ai": cartesia.url },
      });
      const line = await openLine(`${agent.url.replace("http", "ws")}/calls/one`);
      await talk(line, openai);
      await line.closed;
      await openai.requests[0]!.ended;
      // what would come late, such as the session once more, has come by then
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const [session, ...more] = receiver.spans.filter(({ name }) => name === "voice.session");
      assert.deepEqual(more, []);
      for (const [name, value] of Object.entries(end)) assert.equal(session!.attributes[name], value, name);
      const attempts = receiver.spans.filter(({ name }) => name === "llm_request_run");
      assert.deepEqual(attempts.map(({ attributes }) => attributes["teespan.outcome"]), [attempt]);
      assert.equal(attempts[0]!.parentSpanId, session!.spanId);
    });
  }

  Deno.test("examples/agent holds its call in a Worker, too", async () => {
    const lines = [{ text: "Are you open today?" }, { text: "Where is order 1042?" }, {
      text: "Thank you!",
      afterSeconds: 0.8,
    }];
    await using receiver = await startReceiver();
    await using providers = await startProviders();
    await using cartesia = await startCartesia();
    await using deepgram = await startDeepgram(lines.map(({ text }) => text));
    await using agent = await serveWorker({
      folder: "agent",
      variables: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        ANTHROPIC_API_KEY: "emulated",
        DEEPGRAM_API_KEY: "emulated",
      },
      emulators: {
        "api.openai.com": providers.url,
        "api.anthropic.com": providers.url,
        "api.cartesia.ai": cartesia.url,
        "api.deepgram.com": deepgram.url,
      },
    });
    const heard: string[] = [];
    const seconds = await placeCall(`${agent.url.replace("http", "ws")}/call`, lines, {
      heard: (_who, word) => void heard.push(word),
      silent: () => {},
    });
    assert.ok(seconds > 1, String(seconds));
    const spans = await receiver.waitForSpans((some) => some.some(({ name }) => name === "voice.session"));
    const said = heard.join(" ");
    assert.match(
      said,
      /^Acme, hi! Are you open today\? Yes, until six\. Where is order 1042\? It .*Thank you!$/,
    );
    // cut off in the middle
    assert.doesNotMatch(said, /before\./);
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [session] = named("voice.session");
    assert.ok(spans.every(({ traceId }) => traceId === session!.traceId));
    assert.equal(session!.attributes.outcome, "success");
    const counted = ["user_turn", "agent_turn", "tts_request_run", "stt_request_run", "function_tool"];
    assert.deepEqual(counted.map((name) => named(name).length), [3, 2, 3, 1, 1]);
    const [refused] = named("llm_request_run").filter(({ status }) => status.code === "ERROR");
    assert.equal(refused!.attributes["http.response.status_code"], 429);
    for (const turn of named("agent_turn")) assert.ok(Number(turn.attributes["lk.e2e_latency"]) > 0);
    // all that the caller sent was seen on its way to the recognition
    assert.ok(Number(named("stt_request_run")[0]!.attributes["teespan.audio.sent_duration"]) > 3);
  });
}

/** The examples for other runtimes, bundled from where they lie and run there against emulated providers. */

import assert from "node:assert/strict";
import { startCartesia } from "../../examples/agent/emulated_cartesia.ts";
import { type Receiver, startEmulator } from "../../src/testing/mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { fixture } from "../support/fixtures.ts";
import { askBySocket } from "../support/voice_caller.ts";
import { bundle } from "./host/bundle.ts";
import { binaries, FOLDER } from "./host/install.ts";
import { readLine, startProgram } from "./host/program.ts";
import { WORKER_CONDITIONS } from "./host/runtimes.ts";

/** An emulated OpenAI, which streams a short answer. */
function startOpenai() {
  const { response, body } = fixture("openai", "chat_stream");
  return startEmulator({ respond: { ...response, body } });
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
  Deno.test("examples/bun_agent streams its answer", async () => {
    await using receiver = await startReceiver();
    await using openai = await startOpenai();
    const script = await bundle({ entry: "examples/bun_agent/server.ts", platform: "node" });
    await using agent = startProgram(
      binaries.bun,
      ["run", "--preload=./entries/preload_bun.mjs", script],
      {
        cwd: FOLDER,
        env: {
          EMULATOR_URL: openai.url,
          OPENAI_API_KEY: "sk-test",
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
          PORT: "0",
        },
      },
    );
    const line = await readLine(agent.stdout, (line) => /:\d+/.test(line));
    const url = `http://127.0.0.1:${/:(\d+)\/?$/.exec(line.trim())![1]}/chat`;
    assert.match(await ask(url, "POST /chat", receiver), /^A span is a measured piece of work/);
  });

  Deno.test("examples/vercel_edge streams its answer, and sends through the platform's waitUntil", async () => {
    await using receiver = await startReceiver();
    await using openai = await startOpenai();
    const script = await bundle({
      entry: "vercel_function.ts",
      conditions: ["edge-light", "worker", "browser"],
      format: "iife",
    });
    const variables = {
      EMULATOR_URL: openai.url,
      OPENAI_API_KEY: "sk-test",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    };
    const program = `globalThis.process = { env: ${JSON.stringify(variables)} };\n${await Deno.readTextFile(
      script,
    )}`;
    await Deno.writeTextFile(script, program);
    await using server = startProgram(binaries["node 22"], ["entries/edge_runtime_server.mjs", script], {
      cwd: FOLDER,
    });
    const { port } = JSON.parse(await readLine(server.stdout, (line) => line.startsWith("{")));
    const text = await ask(`http://127.0.0.1:${port}/api/chat`, "POST /api/chat", receiver);
    assert.match(text, /A span is a /);
  });

  Deno.test("examples/cloudflare_voice_agent answers in audio, under a session that hangs under its request", async () => {
    await using receiver = await startReceiver();
    await using openai = await startOpenai();
    await using cartesia = await startCartesia();
    const script = await bundle({
      entry: "examples/cloudflare_voice_agent/worker.ts",
      conditions: WORKER_CONDITIONS,
    });
    const variables = {
      EMULATOR_URL: openai.url,
      EMULATOR_SOCKETS_URL: cartesia.url,
      OPENAI_API_KEY: "sk-test",
      CARTESIA_API_KEY: "key",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    };
    await using server = startProgram(
      binaries["node 22"],
      ["entries/miniflare_server.mjs", script, JSON.stringify(variables)],
      { cwd: FOLDER },
    );
    const { port } = JSON.parse(await readLine(server.stdout, (line) => line.startsWith("{")));
    const { text, audioBytes } = await askBySocket(`ws://127.0.0.1:${port}/calls/one`, "What is a span?");
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
}

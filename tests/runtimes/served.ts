/** The middleware behind real servers: a client that reads all, and one that hangs up. */

import assert from "node:assert/strict";
import { startEmulator } from "../../src/testing/mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { askBySocket } from "../support/voice_caller.ts";
import { bundle } from "./host/bundle.ts";
import { binaries, FOLDER } from "./host/install.ts";
import { readLine, startProgram } from "./host/program.ts";
import { answer } from "./host/provider.ts";
import { BARE_DATE, WORKER_CONDITIONS } from "./host/runtimes.ts";
import { serveWorker } from "./host/workerd.ts";
import type { ServedEnv } from "./entries/served_app.ts";

/** A server of the app. */
type Served = AsyncDisposable & { readonly port: number };

const servers: Readonly<Record<string, (env: ServedEnv) => Promise<Served>>> = {
  "Deno.serve": inProcess(binaries.deno, ["run", "--no-config", "--node-modules-dir=manual", "--allow-all"]),
  "Bun.serve": inProcess(binaries.bun, ["run"]),
  "@hono/node-server": inProcess(binaries["node 22"], []),
  workerd: async (env) =>
    await serveWorker({
      script: await bundle({ entry: "served_worker.ts", conditions: WORKER_CONDITIONS }),
      compatibilityDate: BARE_DATE,
      compatibilityFlags: [],
      variables: { ...env },
    }),
};

function inProcess(executable: string, args: readonly string[]): (env: ServedEnv) => Promise<Served> {
  return async (env) => {
    const program = await bundle({ entry: "served_process.ts", external: true });
    const running = startProgram(executable, [...args, program, JSON.stringify(env)], { cwd: FOLDER });
    const { port } = JSON.parse(await readLine(running.stdout, (line) => line.startsWith("{")));
    return { port, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
  };
}

/** Registers the tests. */
export function testServed(): void {
  testBunSocket();
  for (const [name, serve] of Object.entries(servers)) {
    Deno.test(`${name}: a client that reads all, and one that hangs up in the middle`, async (t) => {
      await using receiver = await startReceiver();
      await using provider = await startEmulator({ respond: answer });
      await using served = await serve({ PROVIDER: provider.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
      const outcomes = () =>
        receiver.spans.map(({ name, attributes }) => [name, attributes["teespan.outcome"]]);

      await t.step("read to the end, both spans end well", async () => {
        const text = await (await fetch(`http://127.0.0.1:${served.port}/stream`)).text();
        assert.ok(text.endsWith("data: [DONE]\n\n"));
        await receiver.waitForSpans(2);
        assert.deepEqual(outcomes().sort(), [["GET /:scenario", undefined], ["llm_request_run", "success"]]);
        const [attempt, request] = [...receiver.spans].sort((one, other) => one.name < other.name ? 1 : -1);
        assert.equal(attempt!.parentSpanId, request!.spanId);
      });

      // workerd sees in a silence that the client left only when it ends
      for (const scenario of ["endless", "pause"]) {
        await t.step(`hung up on ${scenario}, the provider is cancelled and both spans say so`, async () => {
          receiver.clear();
          await hangUp(served.port, `/${scenario}`);
          await receiver.waitForSpans(2);
          const cancelled = [["GET /:scenario", "cancelled"], ["llm_request_run", "cancelled"]];
          assert.deepEqual(outcomes().sort(), cancelled);
          const call = provider.requests.at(-1)!;
          await call.ended;
          assert.equal(call.outcome, "cancelled");
        });
      }
    });
  }
}

/** Registers the test of a socket in Bun; those of Deno and Workers are with the middleware and the examples. */
function testBunSocket(): void {
  Deno.test("a socket that Hono upgrades in Bun has a session under its request, and its end sends", async () => {
    await using receiver = await startReceiver();
    const program = await bundle({ entry: "bun_socket.ts", external: true });
    await using running = startProgram(binaries.bun, ["run", program, receiver.url], { cwd: FOLDER });
    const { port } = JSON.parse(await readLine(running.stdout, (line) => line.startsWith("{")));
    const { text } = await askBySocket(`ws://127.0.0.1:${port}/voice`, "hello");
    assert.equal(text, "hello");
    const spans = await receiver.waitForSpans(3);
    const named = (name: string) => spans.find((span) => span.name === name)!;
    assert.equal(named("voice.session").parentSpanId, named("GET /voice").spanId);
    assert.equal(named("answer").parentSpanId, named("voice.session").spanId);
  });
}

/** Asks, reads all that comes before a silence, and breaks the connection. */
async function hangUp(port: number, path: string): Promise<void> {
  using client = await Deno.connect({ hostname: "127.0.0.1", port });
  await client.write(new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nhost: agent\r\n\r\n`));
  const buffer = new Uint8Array(65_536);
  let seen = "";
  while (!seen.includes("A span is a ")) {
    const bytes = await client.read(buffer);
    if (bytes === null) throw new Error(`The answer ended: ${seen}`);
    seen += new TextDecoder().decode(buffer.subarray(0, bytes));
  }
}

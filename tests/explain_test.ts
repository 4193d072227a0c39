/** What explainUrl() says, and what is told of calls that nobody explained. */

import assert from "node:assert/strict";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { explainUrl } from "../src/explain_url.ts";
import { FakeWebSocket } from "./support/fake_websocket.ts";
import { startKept } from "./support/memory_exporter.ts";
import { toyProvider } from "./support/toy_format.ts";

Deno.test("explainUrl() names provider, route, ids, usage, and what is left out", () => {
  const url = "https://user:pass@api.openai.com/v1/chat/completions?model=gpt-5&key=secret#part";
  assert.deepEqual(explainUrl(url), {
    recognized: true,
    provider: "openai",
    genAiName: "openai",
    routes: [{ method: "POST", path: "/chat/completions", operation: "llm", format: "openai_chat" }],
    otherPaths: [],
    requestIdHeaders: ["x-request-id"],
    streamedUsage: "when asked",
    recordedUrl: "https://api.openai.com/v1/chat/completions?model=gpt-5&key=REDACTED",
    scrubbed: ["key", "credentials", "fragment"],
  });
});

Deno.test("explainUrl() knows sockets, own providers, and servers that speak a well-known format", () => {
  const socket = explainUrl("wss://api.toy.example/v1/speak", { providers: [toyProvider()] });
  assert.deepEqual(socket.routes, [{ method: "socket", path: "/v1/speak", operation: "tts", format: "toy" }]);
  const own = explainUrl("http://localhost:8000/v1/chat/completions");
  assert.equal(own.provider, "localhost:8000");
  assert.equal(own.recognized, true);
});

Deno.test("explainUrl() says whose host it is and what would fit, where no route does", () => {
  const { recognized, provider, routes, otherPaths } = explainUrl("https://api.openai.com/v1/moderations");
  assert.deepEqual([recognized, provider, routes], [false, "openai", []]);
  assert.ok(otherPaths.includes("/chat/completions"));
  const socketsOnly = explainUrl("wss://api.toy.example/other", { providers: [toyProvider()] });
  assert.deepEqual([socketsOnly.provider, socketsOnly.otherPaths], ["toy", ["/v1/speak"]]);
  const nobody = explainUrl("https://nobody.example/");
  assert.deepEqual([nobody.recognized, nobody.provider, nobody.otherPaths], [false, undefined, []]);
  assert.throws(() => explainUrl("no url"), TypeError);
});

Deno.test("the program explains a URL without any permission", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "src/explain.ts", "https://api.anthropic.com/v1/messages?api_key=1"],
    cwd: new URL("..", import.meta.url).pathname,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.match(text, /^provider +anthropic/m);
  assert.match(text, /^route +POST …\/v1\/messages: llm, read as anthropic_messages$/m);
  assert.match(text, /^ids +request-id/m);
  assert.match(text, /^left out +api_key$/m);
});

Deno.test("a call that looks like a provider's and fits no route is told of once for its host", async () => {
  const warnings: string[] = [];
  const ignore = (): void => {};
  const logger = { warn: (text: string) => void warnings.push(text) };
  diag.setLogger({ error: ignore, info: ignore, debug: ignore, verbose: ignore, ...logger }, {
    logLevel: DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  try {
    const telemetry = startKept({
      register: false,
      fetch: (() => Promise.resolve(new Response())) as typeof fetch,
      WebSocket: FakeWebSocket as unknown as typeof WebSocket,
    });
    const post = { method: "POST", body: "{}" };
    await telemetry.fetch("https://llm.acme.example/v2/generate?key=secret", post);
    await telemetry.fetch("https://llm.acme.example/v2/embeddings", post);
    await telemetry.within({}).fetch("https://llm.acme.example/v2/generate", post);
    new telemetry.WebSocket("wss://stt.acme.example/v1/listen");
    // what looks like none, and what is recognized
    await telemetry.fetch("https://shop.example/cart/items", post);
    await telemetry.fetch("https://shop.example/v2/generate");
    new telemetry.WebSocket("wss://shop.example/prices");
    await (await telemetry.fetch("https://api.openai.com/v1/responses", post)).text();
    await telemetry.shutdown();
  } finally {
    diag.disable();
  }
  assert.deepEqual(warnings.map((text) => /^teespan: (\S+ \S+) looks like/.exec(text)?.[1]), [
    "POST https://llm.acme.example/v2/generate",
    "GET wss://stt.acme.example/v1/listen",
  ]);
});

/** Deno as a host: Deno Deploy, Supabase, and as few permissions as possible. */

import assert from "node:assert/strict";
import { startChatProvider } from "../support/chat_provider.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { runProgram } from "../support/run_program.ts";
import { serveProgram } from "../support/serve_program.ts";

Deno.test("a handler of Deno Deploy runs with the network of provider and collector alone", async () => {
  await using receiver = await startReceiver();
  await using provider = await startChatProvider();
  const hosts = [receiver.url, provider.url].map((url) => new URL(url).host);
  await using served = await serveProgram("deploy_handler", {
    flags: [
      `--allow-net=${hosts}`,
      "--allow-env=PROVIDER_URL,OTEL_EXPORTER_OTLP_ENDPOINT,OTEL_SERVICE_NAME",
    ],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_SERVICE_NAME: "deployed",
      PROVIDER_URL: provider.url,
    },
  });
  assert.equal(await (await fetch(`${served.url}chat/7`)).text(), '{"id":"chatcmpl-1"}');
  const spans = await receiver.waitForSpans(2);
  assert.deepEqual(spans.map(({ name }) => name).sort(), ["GET /chat/:id", "llm_request_run"]);
  assert.equal(spans[0]!.resource["service.name"], "deployed");
});

Deno.test("a function of Supabase sends through EdgeRuntime.waitUntil", async () => {
  await using receiver = await startReceiver();
  await using provider = await startChatProvider();
  const { code, stdout, stderr } = await runProgram("supabase_function", {
    flags: ["--allow-net=127.0.0.1", "--allow-env"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, PROVIDER_URL: provider.url },
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\{"id":"chatcmpl-1"\}\n[1-9]/);
  assert.deepEqual(receiver.spans.map(({ name }) => name), ["llm_request_run", "GET /functions/v1/chat"]);
});

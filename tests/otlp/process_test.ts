/** What shows only in a process of its own: permissions, import, exit. */

import assert from "node:assert/strict";
import { projectFile } from "../house/source.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { runProgram } from "../support/run_program.ts";

Deno.test("telemetry exports in Deno with network permission alone, and does not look at variables", async () => {
  await using receiver = await startReceiver();
  const { code, stdout, stderr } = await runProgram("one_call", {
    flags: ["--allow-net=127.0.0.1"],
    args: [receiver.url],
    env: { OTEL_SERVICE_NAME: "not to be read" },
  });
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).exportedSpans, 1);
  assert.equal(receiver.spans[0]!.resource["service.name"], "unknown_service");
});

Deno.test("telemetry takes its variables where it may read them", async () => {
  await using receiver = await startReceiver();
  const { code, stderr } = await runProgram("one_call", {
    flags: ["--allow-net=127.0.0.1", "--allow-env"],
    env: { OTEL_SERVICE_NAME: "from-env", OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  assert.equal(code, 0, stderr);
  assert.equal(receiver.spans[0]!.resource["service.name"], "from-env");
});

Deno.test("telemetry takes those variables that it may read", async () => {
  await using receiver = await startReceiver();
  const { code, stderr } = await runProgram("one_call", {
    flags: ["--allow-net=127.0.0.1", "--allow-env=OTEL_EXPORTER_OTLP_ENDPOINT"],
    env: { OTEL_SERVICE_NAME: "not to be read", OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  assert.equal(code, 0, stderr);
  assert.equal(receiver.spans[0]!.resource["service.name"], "unknown_service");
});

for (const [flag] of projectFile("README.md").matchAll(/(?<=`)--allow-env=OTEL_[\w,*]+(?=`)/g)) {
  Deno.test(`the README's ${flag} lets endpoint, headers and name be read, and asks for nothing else`, async () => {
    await using receiver = await startReceiver();
    const { code, stderr } = await runProgram("one_call", {
      flags: ["--allow-net=127.0.0.1", flag],
      env: {
        OTEL_SERVICE_NAME: "from-env",
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20key",
      },
    });
    assert.equal(code, 0, stderr);
    assert.equal(receiver.spans[0]!.resource["service.name"], "from-env");
    assert.equal(receiver.requests[0]!.headers["x-key"], "a key");
  });
}

Deno.test("importing the library needs no permission and changes nothing", async () => {
  const { code, stdout, stderr } = await runProgram("import_only");
  assert.equal(code, 0, stderr);
  const { added, fetchKept, exports } = JSON.parse(stdout);
  assert.deepEqual(added, []);
  assert.equal(fetchKept, true);
  assert.deepEqual(exports, [
    "createUsageCollector",
    "explainUrl",
    "followUpgrade",
    "instrument",
    "instrumentFetch",
    "instrumentRequestHandler",
    "instrumentWebSocket",
    "instrumentWebSocketStream",
    "logMetrics",
    "logSummary",
    "measureAttempts",
    "observeSocket",
    "openaiCompatible",
    "providers",
    "recordContent",
    "startTelemetry",
    "wellKnownRoutes",
  ]);
});

Deno.test("a span that waits for export keeps no process alive", async () => {
  const { code, stdout, stderr, elapsedMs } = await runProgram("no_flush", { flags: ["--allow-net"] });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "done\n");
  assert.ok(elapsedMs < 15_000);
});

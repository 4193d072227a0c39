/** The README's first snippet, pasted into a file and run: as a newcomer does, but with an emulated provider. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startEmulator, startReceiver } from "../../src/testing/mod.ts";
import { fixture } from "../support/fixtures.ts";
import { projectFile } from "./source.ts";

const PROGRAMS = fileURLToPath(new URL("../programs/", import.meta.url));

Deno.test("the README's first snippet runs, and its call is traced", async () => {
  const [, snippet] = /```ts ignore\n(.*?)```/s.exec(projectFile("README.md"))!;
  const { response, body } = fixture("openai", "chat_stream");
  await using receiver = await startReceiver();
  await using emulator = await startEmulator({ respond: { ...response, body } });
  const file = await Deno.makeTempFile({ dir: PROGRAMS, prefix: "snippet_", suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, snippet!);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--check",
        "--frozen",
        "--allow-net=127.0.0.1",
        "--allow-env",
        "--preload=emulated_fetch.ts",
        file,
      ],
      cwd: PROGRAMS,
      env: {
        EMULATOR_URL: emulator.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OPENAI_API_KEY: "sk-test",
        NO_COLOR: "1",
      },
    }).output();
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    assert.equal(code, 0, text(stderr));
    assert.match(text(stdout), /A span is a \nmeasured piece of work/);
  } finally {
    await Deno.remove(file);
  }
  const [span] = receiver.spans;
  assert.equal(span?.resource["service.name"], "my-agent");
  assert.deepEqual(span.attributes["lk.provider_request_ids"], [
    "req_0f2c6b7d1e",
    "chatcmpl-BfKt0aTeespan01",
  ]);
});

/** Options, and the viewer as a program. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readCommand } from "../../src/viewer/cli.ts";
import { startViewer, type ViewerOptions } from "../../src/viewer/mod.ts";
import { VERSION } from "../../src/version.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs the viewer as a program. `heard` is given all it said so far, and back comes the signal to end it by. */
async function run(
  network: string,
  args: readonly string[],
  heard: (text: string) => Deno.Signal | undefined | Promise<Deno.Signal | undefined> = () => undefined,
): Promise<{ readonly code: number; readonly text: string; readonly errors: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--frozen", network, "src/viewer/mod.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    const signal = await heard(text);
    if (signal !== undefined) child.kill(signal);
  }
  return { code: (await child.status).code, text, errors: await errors };
}

Deno.test("startViewer() refuses options that cannot be, and says why", async () => {
  const faults: readonly (readonly [ViewerOptions, typeof RangeError, string])[] = [
    [
      { port: 70_000 },
      RangeError,
      "Cannot start the viewer as port must be an integer between 0 and 65535: current value is 70000",
    ],
    [
      { port: 1.5 },
      RangeError,
      "Cannot start the viewer as port must be an integer between 0 and 65535: current value is 1.5",
    ],
    [
      { port: "4318" as never },
      TypeError,
      'Cannot start the viewer as port must be a number: current value is "4318"',
    ],
    [
      { hostname: "" },
      TypeError,
      'Cannot start the viewer as hostname must be a text that is not empty: current value is ""',
    ],
    [
      { db: 7 as never },
      TypeError,
      "Cannot start the viewer as db must be a text that is not empty: current value is 7",
    ],
    [
      { maxSpans: 0 },
      RangeError,
      "Cannot start the viewer as maxSpans must be an integer between 1 and 10000000: current value is 0",
    ],
    [
      { maxMegabytes: -1 },
      RangeError,
      "Cannot start the viewer as maxMegabytes must be an integer between 1 and 65536: current value is -1",
    ],
  ];
  for (const [options, kind, message] of faults) {
    await assert.rejects(
      startViewer(options),
      (error) => error instanceof kind && error.message === message,
      message,
    );
  }
});

Deno.test("startViewer() says that a port is taken", async () => {
  await using viewer = await startViewer({ port: 0 });
  await assert.rejects(
    startViewer({ port: viewer.port }),
    {
      message:
        `Cannot listen on port ${viewer.port} of 127.0.0.1 as it is taken, by another viewer or a collector`,
    },
  );
});

Deno.test("readCommand() reads a command line", () => {
  assert.deepEqual(
    readCommand([
      "--port",
      "0",
      "--host",
      "0.0.0.0",
      "--db=t.db",
      "--max-spans",
      "5",
      "--max-megabytes",
      "7",
    ]),
    {
      start: { port: 0, hostname: "0.0.0.0", db: "t.db", maxSpans: 5, maxMegabytes: 7 },
    },
  );
  assert.deepEqual(readCommand(["--version"]), { print: `${VERSION}\n` });
  const help = readCommand(["--help"]);
  assert.ok(
    "print" in help &&
      /--host <address>[\s\S]*lets everyone who\s+reaches this machine read/.test(help.print),
  );
  assert.throws(() => readCommand(["--port", "many"]), {
    message: "Cannot start the viewer as --port must be a number: current value is many",
  });
  assert.throws(() => readCommand(["--prot", "1"]), TypeError);
});

Deno.test("the viewer runs as a program with the network of one address and nothing else, until it is interrupted", async () => {
  const ended = await run("--allow-net=127.0.0.1:0", ["--port", "0"], async (text) => {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
    if (url === undefined || !text.includes("OTEL_EXPORTER_OTLP_ENDPOINT")) return undefined;
    const page = await fetch(url);
    assert.match(await page.text(), /<title>Teespan viewer<\/title>/);
    const summary = await fetch(`${url}/api/summary`);
    assert.equal((await summary.json()).storage, "memory");
    return "SIGINT";
  });
  assert.equal(ended.code, 0, ended.text + ended.errors);
});

Deno.test("opened to others, the program says what that means; a mistake ends it with words and a code", async () => {
  const open = await run(
    "--allow-net",
    ["--host", "0.0.0.0", "--port", "0"],
    (text) => text.includes("networks you trust") ? "SIGTERM" : undefined,
  );
  assert.match(
    open.text,
    /Everyone who reaches this machine can read the traces kept\s+here, captured content included/,
  );
  const mistaken = await run("--allow-net", ["--port", "99999"]);
  assert.equal(mistaken.code, 1);
  assert.match(
    mistaken.errors,
    /^Cannot start the viewer as port must be an integer between 0 and 65535: current value is 99999\n$/,
  );
});

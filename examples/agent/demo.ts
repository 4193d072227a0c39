/**
 * The voice agent of worker.ts, seen from outside: asks it a question over HTTP, prints the answer as it streams and
 * how much of it was spoken, then the trace that came out of it over OTLP. Providers are emulated on this machine
 * unless their key is set: `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `CARTESIA_API_KEY`. With `--view` the trace goes to the
 * viewer, which stays until Ctrl-C.
 */

import { type AttemptRecord, type Fetch, startTelemetry } from "@teespan/teespan";
import { formatTrace, type ReceivedSpan, startReceiver } from "@teespan/teespan/testing";
import { startCartesia } from "./emulated_cartesia.ts";
import { startProviders } from "./emulated_providers.ts";
import { color, describeAttempts, paint, printHeading, printStream } from "./terminal.ts";
import { latestCall, startView, untilInterrupted } from "./view.ts";
import { createAgent } from "./worker.ts";

const QUESTION = "What is a span, and what does it tell me about my agent?";
const BYTES_PER_SECOND = 2 * 24_000;

const keys = {
  ANTHROPIC_API_KEY: readKey("ANTHROPIC_API_KEY"),
  OPENAI_API_KEY: readKey("OPENAI_API_KEY"),
  CARTESIA_API_KEY: readKey("CARTESIA_API_KEY"),
};
const unset = Object.entries(keys).filter(([, key]) => key === undefined).map(([name]) => name);

await using viewer = Deno.args.includes("--view") ? await startView() : undefined;
await using receiver = await startReceiver();
await using providers = await startProviders();
await using cartesia = await startCartesia();
await using telemetry = startTelemetry({
  serviceName: "edge-agent",
  endpoint: viewer?.url ?? receiver.url,
  fetch: route(providers.fetch, [
    ...keys.OPENAI_API_KEY ? [] : ["api.openai.com"],
    ...keys.ANTHROPIC_API_KEY ? [] : ["api.anthropic.com"],
  ]),
  WebSocket: keys.CARTESIA_API_KEY ? globalThis.WebSocket : cartesia.WebSocket,
});

const heard = new Map<string, number>();
let attempts: readonly AttemptRecord[] = [];
const agent = createAgent({
  OPENAI_API_KEY: keys.OPENAI_API_KEY ?? "emulated",
  ANTHROPIC_API_KEY: keys.ANTHROPIC_API_KEY ?? "emulated",
  CARTESIA_API_KEY: keys.CARTESIA_API_KEY ?? "emulated",
}, {
  telemetry,
  play: (audio, segment) => heard.set(segment, (heard.get(segment) ?? 0) + audio.length / BYTES_PER_SECOND),
  report: (all) => attempts = all.toSorted((a, b) => a.startedAt - b.startedAt),
});
await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, agent.fetch);

printHeading("A voice agent at the edge");
console.log(
  `Anthropic (${kind(keys.ANTHROPIC_API_KEY)}) chooses the tone, OpenAI (${kind(keys.OPENAI_API_KEY)}) ` +
    `streams the answer, Cartesia (${kind(keys.CARTESIA_API_KEY)}) speaks it.`,
);
if (unset.length > 0) {
  const names = unset.join(", ").replace(/, (?!.*,)/, " or ");
  console.log(paint("dim", `Set ${names}, and the demo calls the real one.`));
}
if (viewer !== undefined) console.log(`Watch it at ${viewer.url}`);
console.log();
console.log(`${paint("bold", "You  ")}  ${QUESTION}`);

const { port } = server.addr;
const response = await fetch(`http://127.0.0.1:${port}/chat`, { method: "POST", body: QUESTION });
const trouble = await readAnswer(response);

if (viewer === undefined) await printTrace();
else {
  await telemetry.flush();
  printHeading("Its trace");
  console.log(await latestCall(viewer));
}

printHeading("Which id to send to support");
for (const line of describeAttempts(attempts)) console.log(line);

const silent = heard.size === 0 ? "no audio came" : undefined;
if (trouble === undefined && silent === undefined) {
  console.log(
    paint(
      "dim",
      "\nThe agent is examples/agent/worker.ts: its calls go through the session's fetch and WebSocket.\n",
    ),
  );
} else {
  console.error(`\n${paint("red", "The demo failed:")} ${trouble ?? silent}\n`);
  Deno.exitCode = 1;
}

if (viewer !== undefined) {
  console.log(paint("dim", "The viewer stays until Ctrl-C."));
  await untilInterrupted();
}

/** Waits for the trace that came out over OTLP, and draws it. */
async function printTrace(): Promise<void> {
  const spans = await receiver.waitForSpans((some) => some.some(({ name }) => name === "voice.session"));
  if (heard.size > 0) console.log(paint("dim", `       ${describeAudio(spans)}`));

  const bytes = receiver.requests.reduce((sum, request) => sum + request.bytes, 0);
  printHeading("Its trace");
  console.log(`${paint("dim", `${spans.length} spans came over OTLP, ${bytes} bytes of protobuf.`)}\n`);
  console.log(formatTrace(spans, { color }));
}

/** Prints the answer as it comes; gives back why there is none, if so. */
async function readAnswer(response: Response): Promise<string | undefined> {
  if (!response.ok || response.body === null) return `${response.status} ${await response.text()}`;
  try {
    const text = await printStream("Agent", response.body.pipeThrough(new TextDecoderStream()));
    return text === "" ? "the answer is empty" : undefined;
  } catch (error) {
    return `the answer broke off: ${error}`;
  }
}

/** A `fetch` that goes to the emulators for some hosts, and to the real ones for the rest. */
function route(emulated: Fetch, hosts: readonly string[]): Fetch {
  const real = globalThis.fetch;
  return (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    return hosts.includes(hostname) ? emulated(input, init) : real(input, init);
  };
}

/** A variable, where there is one and it may be read without asking. */
function readKey(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) || undefined : undefined;
}

function kind(key: string | undefined): string {
  return key === undefined ? "emulated" : "real";
}

/** What was heard, and over how many sockets it came. */
function describeAudio(spans: readonly ReceivedSpan[]): string {
  const seconds = [...heard.values()].reduce((sum, more) => sum + more, 0).toFixed(1);
  const sockets = spans.filter(({ attributes }) => attributes["teespan.connection.reused"] === false).length;
  const over = sockets === 1 ? "one socket" : `${sockets} sockets`;
  return `Spoke ${seconds} s of audio in ${heard.size} segments over ${over}.`;
}

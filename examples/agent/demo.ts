/**
 * The voice agent of worker.ts, called from outside: speaks with it over a WebSocket, prints what can be heard as it is
 * heard, then the trace that came out of it over OTLP. Providers are emulated on this machine unless their key is set:
 * `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `CARTESIA_API_KEY`. Deepgram always is: there is no microphone. With `--view` the
 * trace goes to the viewer, which stays until Ctrl-C.
 */

import { type AttemptRecord, logSummary, type SessionSummary, startTelemetry } from "@teespan/teespan";
import { formatTrace, startReceiver } from "@teespan/teespan/testing";
import { upgradeWebSocket } from "hono/deno";
import { startCartesia } from "./emulated_cartesia.ts";
import { startDeepgram } from "./emulated_deepgram.ts";
import { startProviders } from "./emulated_providers.ts";
import { type Line, placeCall } from "./phone.ts";
import { routeFetch, routeSockets } from "./routes.ts";
import { color, describeAttempts, openConversation, paint, printHeading } from "./terminal.ts";
import { latestCall, startView, untilInterrupted } from "./view.ts";
import { createAgent } from "./worker.ts";

const LINES: readonly Line[] = [
  { text: "Are you open today?" },
  { text: "Where is order 1042?" },
  { text: "Thank you!", afterSeconds: 0.8 },
];

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
await using deepgram = await startDeepgram(LINES.map(({ text }) => text));
await using telemetry = startTelemetry({
  serviceName: "edge-agent",
  endpoint: viewer?.url ?? receiver.url,
  fetch: routeFetch(providers.fetch, [
    ...keys.OPENAI_API_KEY ? [] : ["api.openai.com"],
    ...keys.ANTHROPIC_API_KEY ? [] : ["api.anthropic.com"],
  ]),
  WebSocket: routeSockets({
    "api.deepgram.com": deepgram.WebSocket,
    "api.cartesia.ai": keys.CARTESIA_API_KEY ? undefined : cartesia.WebSocket,
  }),
});

const ended = Promise.withResolvers<{ attempts: readonly AttemptRecord[]; summary: SessionSummary }>();
const agent = createAgent({
  OPENAI_API_KEY: keys.OPENAI_API_KEY ?? "emulated",
  ANTHROPIC_API_KEY: keys.ANTHROPIC_API_KEY ?? "emulated",
  CARTESIA_API_KEY: keys.CARTESIA_API_KEY ?? "emulated",
  DEEPGRAM_API_KEY: "emulated",
}, {
  upgradeWebSocket,
  telemetry,
  report: (attempts, summary) => ended.resolve({ attempts, summary }),
});
await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, agent.fetch);

printHeading("A voice agent at the edge");
console.log(
  `Deepgram (emulated) listens, OpenAI (${kind(keys.OPENAI_API_KEY)}) answers, Cartesia ` +
    `(${kind(keys.CARTESIA_API_KEY)}) speaks,\nand Anthropic (${
      kind(keys.ANTHROPIC_API_KEY)
    }) chooses the tone.`,
);
if (unset.length > 0) {
  const names = unset.join(", ").replace(/, (?!.*,)/, " or ");
  console.log(paint("dim", `Set ${names}, and the demo calls the real one.`));
}
if (viewer !== undefined) console.log(`Watch it at ${viewer.url}`);
console.log();

const conversation = openConversation();
let trouble: string | undefined;
try {
  const seconds = await placeCall(`ws://127.0.0.1:${server.addr.port}/call`, LINES, conversation);
  if (seconds === 0) trouble = "no audio came";
} catch (error) {
  conversation.silent(true);
  trouble = String(error);
}
const { attempts, summary } = await ended.promise;

printHeading("Its trace");
if (viewer === undefined) await printTrace();
else {
  await telemetry.flush();
  console.log(await latestCall(viewer));
}

printHeading("Which id to send to support");
for (const line of describeAttempts(attempts)) console.log(line);

printHeading("What it came to");
logSummary(summary);

if (trouble === undefined) {
  console.log(
    paint(
      "dim",
      "\nThe agent is examples/agent/worker.ts: its calls go through the session's fetch and WebSocket.\n",
    ),
  );
} else {
  console.error(`\n${paint("red", "The demo failed:")} ${trouble}\n`);
  Deno.exitCode = 1;
}

if (viewer !== undefined) {
  console.log(paint("dim", "The viewer stays until Ctrl-C."));
  await untilInterrupted();
}

/** Waits for the trace that came out over OTLP, and draws it. */
async function printTrace(): Promise<void> {
  const spans = await receiver.waitForSpans((some) => some.some(({ name }) => name === "voice.session"));
  const bytes = receiver.requests.reduce((sum, request) => sum + request.bytes, 0);
  console.log(`${paint("dim", `${spans.length} spans came over OTLP, ${bytes} bytes of protobuf.`)}\n`);
  console.log(formatTrace(spans, { color }));
}

/** A variable, where there is one and it may be read without asking. */
function readKey(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) || undefined : undefined;
}

function kind(key: string | undefined): string {
  return key === undefined ? "emulated" : "real";
}

/**
 * The agent of worker.ts, seen from outside: asks it a question over HTTP, prints the answer as it streams, then the
 * trace that came out of it over OTLP. Providers are emulated on this machine unless their key is set:
 * `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`.
 */

import { type Fetch, startTelemetry } from "@teespan/teespan";
import { formatTrace, startReceiver } from "@teespan/teespan/testing";
import { startProviders } from "./emulated_providers.ts";
import { attemptsOf, color, describeAttempts, paint, printHeading, printStream } from "./terminal.ts";
import { createAgent } from "./worker.ts";

const QUESTION = "What is a span, and what does it tell me about my agent?";

const keys = { openai: readKey("OPENAI_API_KEY"), anthropic: readKey("ANTHROPIC_API_KEY") };

await using receiver = await startReceiver();
await using providers = await startProviders();
await using telemetry = startTelemetry({
  serviceName: "edge-agent",
  endpoint: receiver.url,
  fetch: route(providers.fetch, [
    ...keys.openai ? [] : ["api.openai.com"],
    ...keys.anthropic ? [] : ["api.anthropic.com"],
  ]),
});
const agent = createAgent(
  { OPENAI_API_KEY: keys.openai ?? "emulated", ANTHROPIC_API_KEY: keys.anthropic ?? "emulated" },
  telemetry,
);
await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, agent.fetch);

printHeading("An agent at the edge");
console.log(
  `Anthropic (${kind(keys.anthropic)}) chooses the tone, OpenAI (${kind(keys.openai)}) streams the answer.`,
);
const unset = [...keys.anthropic ? [] : ["ANTHROPIC_API_KEY"], ...keys.openai ? [] : ["OPENAI_API_KEY"]];
if (unset.length > 0) {
  console.log(paint("dim", `Set ${unset.join(" or ")}, and the demo calls the real one.`));
}
console.log();
console.log(`${paint("bold", "You  ")}  ${QUESTION}`);

const { port } = server.addr;
const response = await fetch(`http://127.0.0.1:${port}/chat`, { method: "POST", body: QUESTION });
const trouble = await readAnswer(response);

const spans = await receiver.waitForSpans((some) => some.some(({ name }) => name === "POST /chat"));
const bytes = receiver.requests.reduce((sum, request) => sum + request.bytes, 0);
printHeading("Its trace");
console.log(`${paint("dim", `${spans.length} spans came over OTLP, ${bytes} bytes of protobuf.`)}\n`);
console.log(formatTrace(spans, { color }));

printHeading("Which id to send to support");
for (const line of describeAttempts(spans)) console.log(line);

if (trouble === undefined && attemptsOf(spans).length > 0) {
  console.log(
    paint("dim", "\nThe agent is examples/agent/worker.ts: its calls go through telemetry.fetch.\n"),
  );
} else {
  console.error(`\n${paint("red", "The demo failed:")} ${trouble ?? "no call to a provider left a span"}\n`);
  Deno.exitCode = 1;
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
  return key === undefined ? "emulated" : "the real one";
}

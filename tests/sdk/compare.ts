/**
 * One scenario, run twice: with the emulator's `fetch` alone and through ours. The caller's results and errors and the
 * provider's view have to be the same; then the spans are looked at.
 */

import assert from "node:assert/strict";
import {
  type EmulatedResponse,
  type Emulator,
  type EmulatorOptions,
  type SeenRequest,
  startEmulator,
} from "../../src/testing/mod.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import { startKept } from "../support/memory_exporter.ts";
import { describe } from "./describe.ts";
import { type SpanSummary, summarize } from "./span_summary.ts";

/** What a scenario can use besides its client. */
export interface Stage {
  /** The provider. */
  readonly emulator: Emulator;
  /** Keeps what is seen on the way; compared in its order, also when the scenario throws later. */
  log(...seen: readonly unknown[]): void;
}

/** What is done with an SDK, and what has to come of it. */
export interface Scenario<Client> {
  /** Symbol and behavior. */
  readonly name: string;
  /** The provider's answers. */
  readonly respond: EmulatorOptions["respond"];
  /** The provider does not listen. */
  readonly refuse?: true;
  /** Uses the SDK; what it returns or throws is compared. */
  readonly run: (client: Client, stage: Stage) => Promise<unknown>;
  /** The class of the error that it has to throw; else it has to return. */
  readonly throws?: string;
  /** What became of the provider's answers, in order of the requests. */
  readonly answers: readonly SeenRequest["outcome"][];
  /** The spans, in order of their ends. */
  readonly spans: readonly SpanSummary[];
  /** Attempts that are open when the scenario has returned, as nobody read their bodies: 0 unless given. */
  readonly openAttempts?: number;
  /** Response headers that we may drop. */
  readonly exceptHeaders?: readonly string[];
}

/** Makes a client of an SDK that uses this `fetch`. */
export type MakeClient<Client> = (fetch: typeof globalThis.fetch) => Client;

/** One test for each scenario. */
export function testScenarios<Client>(
  sdk: string,
  makeClient: MakeClient<Client>,
  scenarios: readonly Scenario<Client>[],
): void {
  for (const scenario of scenarios) {
    Deno.test(`${sdk}: ${scenario.name}`, () => compare(makeClient, scenario));
  }
}

async function compare<Client>(makeClient: MakeClient<Client>, scenario: Scenario<Client>): Promise<void> {
  const plain = await play(scenario, makeClient, (fetch) => ({ fetch }));
  const observed = await play(scenario, makeClient, (fetch) => {
    // not registered: an SDK that traces by itself would then do so, and differ for that reason
    return startKept({ fetch, register: false });
  });

  assert.equal(plain.threw, scenario.throws, `without us it gave ${JSON.stringify(plain.end, null, 1)}`);
  assert.deepEqual(plain.provider.map(({ outcome }) => outcome), scenario.answers, "without us");
  assert.deepEqual(observed.log, plain.log, "what was seen on the way");
  assert.deepEqual(observed.end, plain.end, "result or error");
  assert.deepEqual(observed.left, plain.left, "what the SDK left behind");
  assert.deepEqual(observed.provider, plain.provider, "what the provider saw");
  assert.deepEqual(observed.spans, scenario.spans);
  assert.equal(observed.openAttempts, scenario.openAttempts ?? 0, "attempts open when the caller went on");
}

type Fetch = typeof globalThis.fetch;

/** What may stand between SDK and emulator. */
type Between = { readonly fetch: Fetch } & Partial<ReturnType<typeof startKept>>;

/** What can be said of one run. */
interface Run {
  readonly log: readonly unknown[];
  /** What was returned or thrown, described. */
  readonly end: unknown;
  /** The class of what was thrown. */
  readonly threw: string | undefined;
  /** The responses as the SDK left them. */
  readonly left: unknown;
  readonly provider: readonly Record<string, unknown>[];
  readonly openAttempts: number | undefined;
  readonly spans: readonly SpanSummary[] | undefined;
}

async function play<Client>(
  { respond, run, refuse, exceptHeaders }: Scenario<Client>,
  makeClient: MakeClient<Client>,
  putBetween: (fetch: Fetch) => Between,
): Promise<Run> {
  await using emulator = await startEmulator({ respond });
  if (refuse) await emulator.close();
  const { fetch, thrown } = keepErrors(emulator.fetch);
  const between = putBetween(fetch);
  const handed = keepResponses(between.fetch);
  const client = makeClient(handed.fetch);
  const log: unknown[] = [];
  const options = { host: `127.0.0.1:${emulator.port}`, thrown, exceptHeaders };
  const stage: Stage = { emulator, log: (...seen) => void log.push(describe(seen, options)) };
  let end: Record<string, unknown> = { hangs: true };
  let threw: string | undefined;
  let openAttempts: number | undefined;
  const attempt = async () => {
    try {
      const returned = await run(client, stage);
      openAttempts = between.stats?.().openAttempts;
      end = { returned: describe(returned, options) };
    } catch (error) {
      openAttempts = between.stats?.().openAttempts;
      threw = Object(error).constructor.name;
      end = { threw: describe(error, options) };
    }
  };
  await withPatience(attempt());
  await between.shutdown?.();
  const spans = between.spans?.map(summarize);
  const left = describe(handed.responses, options);
  // an errored body cannot be cancelled, and need not be
  for (const { body } of handed.responses) if (body?.locked === false) await body.cancel().catch(() => {});
  await withPatience(Promise.all(emulator.requests.map(({ ended }) => ended)));
  const provider = emulator.requests.map(viewOf);
  return { log, end, threw, left, provider, openAttempts, spans };
}

/** The same function, the same promises; what they reject with is kept. */
function keepErrors(fetch: Fetch): { readonly fetch: Fetch; readonly thrown: readonly unknown[] } {
  const thrown: unknown[] = [];
  return {
    thrown,
    fetch(input, init) {
      const pending = fetch(input, init);
      pending.catch((error) => thrown.push(error));
      return pending;
    },
  };
}

/** The same function, the same promises; what they resolve to is kept, as SDKs leave some bodies open. */
function keepResponses(fetch: Fetch): { readonly fetch: Fetch; readonly responses: readonly Response[] } {
  const responses: Response[] = [];
  return {
    responses,
    fetch(input, init) {
      const pending = fetch(input, init);
      pending.then((response) => responses.push(response), () => {});
      return pending;
    },
  };
}

/** Waits, but not for ever: what stays open is a finding. */
async function withPatience(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise((resolve) => timer = setTimeout(resolve, 3000));
  await Promise.race([work, patience]);
  clearTimeout(timer);
}

/** One request as its provider saw it. How much of a cancelled answer had left is the network's affair. */
function viewOf(request: SeenRequest): Record<string, unknown> {
  const { method, path, host, outcome, bytesSent } = request;
  const { host: _port, ...headers } = request.headers;
  const bytes = outcome === "cancelled" ? undefined : bytesSent;
  return { method, path, host, headers, body: request.text(), outcome, bytes };
}

/** A fixture's answer. */
export function answer(fixture: HttpFixture, changes: EmulatedResponse = {}): EmulatedResponse {
  const { response: { status, headers }, body } = fixture;
  return { status, body, ...changes, headers: { ...headers, ...changes.headers } };
}

/** A fixture's answer that stops at the end of its event `count` and sends nothing more. */
export function stalledAnswer(fixture: HttpFixture, count: number): EmulatedResponse {
  return answer(fixture, { fault: { kind: "stall", afterBytes: endOfEvent(fixture, count) } });
}

/** How many bytes the first `count` events of a fixture have. */
export function endOfEvent({ body }: HttpFixture, count: number): number {
  const events = new TextDecoder().decode(body).split("\n\n").slice(0, count);
  return new TextEncoder().encode(events.join("\n\n") + "\n\n").length;
}

/** All that a stream gives, each piece logged as it comes. */
export async function logAll(stream: AsyncIterable<unknown>, { log }: Stage): Promise<number> {
  let count = 0;
  for await (const piece of stream) {
    log(piece);
    count++;
  }
  return count;
}

/** Waits until the provider has seen `count` requests. */
export async function requestsSeen({ requests }: Emulator, count = 1): Promise<void> {
  while (requests.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Logs the events of a helper of an SDK, each with what it is at that moment. */
export function logEvents<Name extends string>(
  helper: { on(event: Name, listener: (...seen: unknown[]) => void): unknown },
  names: readonly Name[],
  { log }: Stage,
): void {
  for (const name of names) helper.on(name, (...seen) => log(name, ...seen));
}

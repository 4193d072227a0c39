/**
 * One scenario of speech, run twice: with the emulator's `fetch` and sockets alone, and through ours. What the caller
 * gets and what the provider sees have to be the same; then the spans are looked at.
 */

import assert from "node:assert/strict";
import {
  type EmulatedConnection,
  type Emulator,
  type EmulatorOptions,
  type SeenRequest,
  type SocketEmulator,
  type SocketEmulatorOptions,
  startEmulator,
  startSocketEmulator,
} from "../../src/testing/mod.ts";
import { type KeptSpan, startKept } from "../support/memory_exporter.ts";
import { describe } from "./describe.ts";
import { keepErrors, keepResponses, withPatience } from "./keep.ts";
import { type SpeechSummary, summarizeSpeech } from "./speech_summary.ts";

type Fetch = typeof globalThis.fetch;
type SocketClass = typeof globalThis.WebSocket;

/** What an SDK goes through. Meanwhile the class is the global one, for SDKs that cannot be given another. */
export interface Ways {
  readonly fetch: Fetch;
  readonly WebSocket: SocketClass;
  /** For SDKs that take no class and show their sockets; absent without us. */
  readonly observeSocket?: ReturnType<typeof startKept>["observeSocket"];
}

/** What a scenario can use besides its client. */
export interface SpeechStage {
  /** The provider's HTTP. */
  readonly emulator: Emulator;
  /** The provider's sockets. */
  readonly sockets: SocketEmulator;
  /** Keeps what is seen on the way; compared in its order, also when the scenario throws later. */
  log(...seen: readonly unknown[]): void;
}

/** What is done with an SDK, and what has to come of it. */
export interface SpeechScenario<Client, Span = SpeechSummary> {
  /** Symbol and behavior. */
  readonly name: string;
  /** The provider's answers over HTTP. */
  readonly respond?: EmulatorOptions["respond"];
  /** The provider's side of each socket. */
  readonly serve?: SocketEmulatorOptions["serve"];
  /** The provider's answer to who wants a socket. */
  readonly handshake?: SocketEmulatorOptions["handshake"];
  /** Uses the SDK; what it returns or throws is compared. */
  readonly run: (client: Client, stage: SpeechStage) => Promise<unknown>;
  /** The class of the error that it has to throw; else it has to return. */
  readonly throws?: string;
  /** What became of the provider's answers over HTTP, in order of the requests: none unless given. */
  readonly answers?: readonly SeenRequest["outcome"][];
  /** The codes with which the sockets closed, in order of their opening: none unless given. */
  readonly closes?: readonly number[];
  /** The attempts' spans, in order of their ends. */
  readonly spans: readonly Span[];
  /** Attempts that are open when the scenario is over, as nobody read their bodies: 0 unless given. */
  readonly openAttempts?: number;
}

/** Makes a client of an SDK that goes these ways. */
export type MakeSpeechClient<Client> = (ways: Ways) => Client;

/** Spans in short; those that are not looked at are left out. */
export type Summarize<Span> = (spans: readonly KeptSpan[]) => readonly Span[];

const summarizeTts: Summarize<SpeechSummary> = (spans) =>
  spans.filter(({ name }) => name === "tts_request_run").map(summarizeSpeech);

/** One test for each scenario. */
export function testSpeech<Client>(
  sdk: string,
  makeClient: MakeSpeechClient<Client>,
  scenarios: readonly SpeechScenario<Client>[],
): void {
  testSockets(sdk, makeClient, summarizeTts, scenarios);
}

/** One test for each scenario, whose spans are summarized like that. */
export function testSockets<Client, Span>(
  sdk: string,
  makeClient: MakeSpeechClient<Client>,
  summarize: Summarize<Span>,
  scenarios: readonly SpeechScenario<Client, Span>[],
): void {
  for (const scenario of scenarios) {
    Deno.test(`${sdk}: ${scenario.name}`, () => compare(makeClient, summarize, scenario));
  }
}

async function compare<Client, Span>(
  makeClient: MakeSpeechClient<Client>,
  summarize: Summarize<Span>,
  scenario: SpeechScenario<Client, Span>,
): Promise<void> {
  const plain = await play(scenario, makeClient, (ways) => ways);
  // not registered: an SDK that traces by itself would then do so, and differ for that reason
  const observed = await play(scenario, makeClient, (ways) => startKept({ ...ways, register: false }));

  assert.equal(plain.threw, scenario.throws, `without us it gave ${JSON.stringify(plain.end, null, 1)}`);
  assert.deepEqual(plain.requests.map(({ outcome }) => outcome), scenario.answers ?? [], "without us");
  assert.deepEqual(plain.connections.map(({ code }) => code), scenario.closes ?? [], "without us");
  assert.deepEqual(observed.log, plain.log, "what was seen on the way");
  assert.deepEqual(observed.end, plain.end, "result or error");
  assert.deepEqual(observed.requests, plain.requests, "what the provider saw over HTTP");
  assert.deepEqual(observed.connections, plain.connections, "what the provider saw on sockets");
  assert.deepEqual(turnsLast(summarize(observed.spans ?? [])), turnsLast(scenario.spans));
  assert.equal(observed.openAttempts, scenario.openAttempts ?? 0, "attempts open when all was over");
}

/** What may stand between SDK and emulator. */
type Between = Ways & Partial<ReturnType<typeof startKept>>;

/** What can be said of one run. */
interface Run {
  readonly log: readonly unknown[];
  /** What was returned or thrown, described. */
  readonly end: unknown;
  /** The class of what was thrown. */
  readonly threw: string | undefined;
  readonly requests: readonly Record<string, unknown>[];
  readonly connections: readonly Record<string, unknown>[];
  readonly openAttempts: number | undefined;
  readonly spans: readonly KeptSpan[] | undefined;
}

async function play<Client>(
  { respond = {}, serve = () => {}, handshake, run }: SpeechScenario<Client, unknown>,
  makeClient: MakeSpeechClient<Client>,
  putBetween: (ways: Ways) => Between,
): Promise<Run> {
  await using emulator = await startEmulator({ respond });
  await using sockets = await startSocketEmulator({ serve, handshake });
  const { fetch, thrown } = keepErrors(emulator.fetch);
  const between = putBetween({ fetch, WebSocket: sockets.WebSocket });
  const handed = keepResponses(between.fetch);
  const log: unknown[] = [];
  const options = { host: `127.0.0.1:${emulator.port}`, thrown };
  const stage: SpeechStage = { emulator, sockets, log: (...seen) => void log.push(describe(seen, options)) };
  let end: unknown = { hangs: true };
  let threw: string | undefined;
  const attempt = async (): Promise<void> => {
    try {
      end = {
        returned: describe(await run(makeClient({ ...between, fetch: handed.fetch }), stage), options),
      };
    } catch (error) {
      threw = Object(error).constructor.name;
      end = { threw: describe(error, options) };
    }
  };
  const native = globalThis.WebSocket;
  globalThis.WebSocket = between.WebSocket;
  try {
    await withPatience(attempt());
  } finally {
    globalThis.WebSocket = native;
  }
  const connections = await Promise.all(sockets.connections.map(connectionSeen));
  const openAttempts = between.stats?.().openAttempts;
  await between.shutdown?.();
  const { spans } = between;
  // an errored body cannot be cancelled, and need not be
  for (const { body } of handed.responses) if (body?.locked === false) await body.cancel().catch(() => {});
  await withPatience(Promise.all(emulator.requests.map(({ ended }) => ended)));
  const requests = emulator.requests.map(requestSeen);
  return { log, end, threw, requests, connections, openAttempts, spans };
}

/** One request as its provider saw it. How much of a cancelled answer had left is the network's affair. */
function requestSeen(request: SeenRequest): Record<string, unknown> {
  const { method, path, host, outcome, bytesSent } = request;
  const bytes = outcome === "cancelled" ? undefined : bytesSent;
  // the parts of an upload are told apart by something random
  const [, boundary] = /boundary=(\S+)/.exec(request.headers["content-type"] ?? "") ?? [];
  const fixed = (text: string): string => boundary ? text.replaceAll(boundary, "BOUNDARY") : text;
  const headers = Object.entries(stable(request.headers)).map(([name, text]) => [name, fixed(text)]);
  return { method, path, host, headers, body: fixed(request.text()), outcome, bytes };
}

/** One connection as its provider saw it, when it is gone. */
async function connectionSeen(connection: EmulatedConnection): Promise<Record<string, unknown>> {
  let left: unknown = { open: true };
  await withPatience(connection.closed.then((closed) => left = closed));
  const { path, headers, protocol } = connection;
  // who was not redirected names the emulator, whose port is another each time
  const host = connection.host?.replace(/^127\.0\.0\.1:\d+$/, "HOST");
  // how much of an answer was heard before it was stopped is the clock's affair
  const frames = connection.frames.map(({ data }) =>
    typeof data === "string" ? data.replace(/"audio_end_ms":\d+/, '"audio_end_ms":0') : data
  );
  return { path, host, headers: stable(headers), protocol, frames, ...left as object };
}

/** Headers that are random, or have the emulator's port. */
const UNSTABLE_HEADERS = new Set(["host", "sec-websocket-key", "x-deepgram-session-id"]);

function stable(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !UNSTABLE_HEADERS.has(name)));
}

/** Attempts before turns: where both end at once, which comes first says nothing. */
function turnsLast<Span>(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) => Number(isTurn(a)) - Number(isTurn(b)));
}

function isTurn(span: unknown): boolean {
  return "turn" in Object(span);
}

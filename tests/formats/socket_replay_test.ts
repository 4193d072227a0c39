/** Every fixture of a socket once more, over a real one: an emulator plays the provider, and spans tell the facts. */

import assert from "node:assert/strict";
import { attemptSpanNames } from "../../src/semconv.ts";
import { playScript, type SocketStep, startSocketEmulator } from "../../src/testing/mod.ts";
import { type FixtureFrame, frameData, type SocketFixture, socketFixtures } from "../support/fixtures.ts";
import { type KeptSpan, startKept } from "../support/memory_exporter.ts";
import { rounded, type SinkRecord } from "../support/recording_sink.ts";

/** The provider's side of a fixture. */
function scriptOf(frames: readonly FixtureFrame[]): SocketStep[] {
  return frames.map((frame) => {
    if ("closed" in frame) return frame.closed === 1006 ? "reset" : { close: frame.closed };
    return "sent" in frame ? "expect" : { send: frameData(frame) };
  });
}

/** The caller's side: sends in its turn, and waits for what comes in between. */
async function drive(socket: WebSocket, frames: readonly FixtureFrame[]): Promise<void> {
  let came = 0;
  let wake = (): void => {};
  socket.addEventListener("message", () => (came++, wake()));
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
  socket.binaryType = "arraybuffer";
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  let expected = 0;
  for (const frame of frames) {
    if ("closed" in frame) break;
    if ("sent" in frame) socket.send(frameData(frame));
    else for (expected++; came < expected;) await new Promise<void>((resolve) => void (wake = resolve));
  }
  if (!frames.some((frame) => "closed" in frame)) socket.close();
  await closed;
}

/** What a span says of the facts. */
function factsOf({ attributes }: KeptSpan): unknown[] {
  return [
    attributes["lk.provider_request_ids"] ?? [],
    attributes["gen_ai.request.model"],
    attributes["teespan.characters"],
    attributes["teespan.audio.duration"],
    attributes["teespan.audio.sent_duration"],
    attributes["lk.response.ttfb"] !== undefined,
  ];
}

function expectedOf(record: SinkRecord, sent: number | undefined): unknown[] {
  const { requestIds, facts, outputs, characters, audioSeconds } = record;
  return [
    requestIds.map(([id]) => id),
    facts.requestModel,
    facts.characters ?? characters,
    facts.audioSeconds ?? audioSeconds,
    facts.sentAudioSeconds ?? (sent || undefined),
    outputs.includes("audio"),
  ];
}

function endingOf({ completed, cancelled, failure }: SinkRecord): string | undefined {
  if (failure) return "error";
  if (cancelled) return "cancelled";
  return completed ? "success" : undefined; // an end that the socket's close decides
}

async function replay(fixture: SocketFixture): Promise<void> {
  const { frames, socket, expected } = fixture;
  await using emulator = await startSocketEmulator({ serve: playScript(scriptOf(frames), { paceMs: 1 }) });
  const telemetry = startKept({ WebSocket: emulator.WebSocket });
  await drive(new telemetry.WebSocket(socket.url, { headers: socket.headers ?? {} }), frames);
  await telemetry.flush();
  const attempts = Object.values(attemptSpanNames);
  const spans = telemetry.spans.filter(({ name }) => attempts.includes(name));
  const sorted = (facts: unknown[][]): string[] => facts.map((one) => JSON.stringify(one)).sort();
  const heard = spans.some(({ name }) => name === attemptSpanNames.stt)
    ? expected.sentAudioSeconds
    : undefined;
  assert.deepEqual(
    sorted(spans.map(factsOf)),
    sorted(expected.attempts.map((record) => expectedOf(rounded(record), heard))),
  );
  const outcomes = spans.map(({ attributes }) => String(attributes["teespan.outcome"])).sort();
  const decided = expected.attempts.map(endingOf).filter((ending) => ending !== undefined).sort();
  assert.deepEqual(outcomes.filter((outcome) => decided.includes(outcome)).slice(0, decided.length), decided);
  await telemetry.shutdown();
}

Deno.test("every fixture of a socket gives its facts over a real one, by the end of its close", async () => {
  const wrong: string[] = [];
  for (const fixture of socketFixtures) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("it did not end")), 5000);
    });
    try {
      await Promise.race([replay(fixture), late]);
    } catch (error) {
      wrong.push(`${fixture.provider}/${fixture.case}: ${(error as Error).message}`);
    }
    clearTimeout(timer);
  }
  assert.deepEqual(wrong, []);
});

Deno.test("a provider that breaks, closes or falls silent in the middle of speech leaves one span with what came", async () => {
  const fixture = socketFixtures.find(({ provider, case: name }) =>
    provider === "cartesia" && name === "ws_contexts"
  )!;
  const faults: readonly (readonly [SocketStep, string | undefined, string])[] = [
    ["reset", "close_1006", "error"],
    [{ close: 1008, reason: "idle" }, "close_1008", "error"],
    [{ close: 1011, reason: "worn out" }, "close_1011", "error"],
    [{ close: 1000 }, "truncated", "error"],
    ["stall", undefined, "cancelled"],
  ];
  for (const [fault, type, outcome] of faults) {
    const begun = fixture.frames.slice(0, 3);
    await using emulator = await startSocketEmulator({
      serve: playScript([...scriptOf(begun), fault], { paceMs: 2 }),
    });
    const telemetry = startKept({ WebSocket: emulator.WebSocket });
    const frames = fault === "stall" ? begun : [...begun, { closed: 0 }];
    await drive(new telemetry.WebSocket(fixture.socket.url), frames);
    await telemetry.flush();
    assert.equal(telemetry.spans.length, 1);
    const [span] = telemetry.spans;
    assert.equal(span!.attributes["teespan.outcome"], outcome);
    assert.equal(span!.attributes["error.type"], type);
    assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["ctx-1"]);
    assert.equal(span!.attributes["teespan.audio.duration"], 0.2);
    await telemetry.shutdown();
  }
});

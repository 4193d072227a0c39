/** The pure clocks: from times to figures, whatever is missing and in whatever order. */

import assert from "node:assert/strict";
import { AudioClock } from "../../src/telemetry/turn/audio_clock.ts";
import {
  REPLY_PARTS,
  replyLatency,
  type ReplyMarks,
  type ReplyPart,
  type ToolRound,
} from "../../src/telemetry/turn/reply_clock.ts";
import { Retries } from "../../src/telemetry/attempt/retries.ts";
import { type ClockSource, userTurnFigures } from "../../src/telemetry/turn/turn_clock.ts";
import { distributionOf } from "../../src/telemetry/turn/turn_latency.ts";
import { seededRandom } from "../support/cuts.ts";

const MARKS = [
  "speechEndedAt",
  "finalAt",
  "committedAt",
  "askedAt",
  "answeredAt",
  "spokenAt",
  "audioAt",
  "audibleAt",
] as const satisfies readonly (keyof ReplyMarks)[];

const ROUND_MARKS = ["ranAt", "askedAt", "answeredAt"] as const satisfies readonly (keyof ToolRound)[];

/** The part that each mark ends. */
const PART_OF: Readonly<Record<string, ReplyPart>> = {
  finalAt: "transcription",
  committedAt: "endOfTurn",
  askedAt: "reply",
  answeredAt: "llmTtft",
  spokenAt: "speechWait",
  audioAt: "ttsTtfb",
  audibleAt: "playback",
};
const PART_OF_ROUND = { ranAt: "toolCall", askedAt: "tools", answeredAt: "llmFollowUp" } as const;

Deno.test("replyLatency() has parts that add up to the whole, for any marks in any order", () => {
  const random = seededRandom(7);
  const pick = <Mark extends string>(names: readonly Mark[], subset: number) =>
    Object.fromEntries(
      names.filter((_, bit) => subset & 1 << bit).map((mark) => [mark, 1e12 + Math.floor(random() * 2000)]),
    ) as Partial<Record<Mark, number>>;
  let known = 0;
  // each subset of the marks of the turn, with each of those of two rounds of tools
  for (let subset = 0; subset < 1 << 14; subset++) {
    const rounds = [pick(ROUND_MARKS, subset >> 8), pick(ROUND_MARKS, subset >> 11)];
    const marks = { ...pick(MARKS, subset), rounds };
    const latency = replyLatency(marks);
    const to = marks.audibleAt ?? marks.audioAt;
    if (marks.speechEndedAt === undefined || to === undefined || to < marks.speechEndedAt) {
      assert.equal(latency, undefined);
      continue;
    }
    known++;
    assert.equal(latency!.endToEnd, (to - marks.speechEndedAt) / 1000);
    assert.equal(latency!.source, marks.audibleAt === undefined ? "first_audio" : "playback");
    const parts = Object.values(latency!.parts);
    assert.ok(parts.every((part) => part >= 0));
    const sum = parts.reduce((total, part) => total + part, 0);
    assert.ok(Math.abs(sum - latency!.endToEnd) < 1e-9, JSON.stringify({ marks, latency }));
    const named = new Set<ReplyPart>([
      ...MARKS.flatMap((mark) => marks[mark] === undefined ? [] : PART_OF[mark] ?? []),
      ...ROUND_MARKS.filter((mark) => rounds.some((round) => round[mark] !== undefined))
        .map((mark) => PART_OF_ROUND[mark]),
    ]);
    assert.deepEqual(new Set(Object.keys(latency!.parts)), named);
  }
  assert.ok(known > 2500, String(known));
});

Deno.test("replyLatency() follows marks in order without gaps, through rounds of tools", () => {
  const latency = replyLatency({
    speechEndedAt: 1000,
    finalAt: 1010,
    committedAt: 1030,
    askedAt: 1060,
    answeredAt: 1100,
    rounds: [
      { ranAt: 1150, askedAt: 1210, answeredAt: 1280 },
      { ranAt: 1360, askedAt: 1450, answeredAt: 1550 },
    ],
    spokenAt: 1660,
    audioAt: 1780,
    audibleAt: 1910,
  });
  assert.deepEqual(Object.keys(latency!.parts), [...REPLY_PARTS]);
  assert.deepEqual(
    Object.values(latency!.parts).map((part) => Math.round(part * 1000)),
    [10, 20, 30, 40, 50 + 80, 60 + 90, 70 + 100, 110, 120, 130],
  );
});

Deno.test("replyLatency() puts what is not known into the next part, and early work into none", () => {
  assert.deepEqual(replyLatency({ speechEndedAt: 1000, answeredAt: 1400, audioAt: 1500 }), {
    endToEnd: 0.5,
    source: "first_audio",
    parts: { llmTtft: 0.4, ttsTtfb: 0.1 },
  });
  // asked before the user's turn was over
  const early = { speechEndedAt: 1000, committedAt: 1500, askedAt: 1200, answeredAt: 1400, audioAt: 1600 };
  assert.deepEqual(replyLatency(early)?.parts, { endOfTurn: 0.5, reply: 0, llmTtft: 0, ttsTtfb: 0.1 });
});

Deno.test("userTurnFigures() believes the caller, then the provider, then words", () => {
  const stops = { vad: 1300, provider: 1200, words: 1100 };
  const figures = (...sources: ClockSource[]) =>
    userTurnFigures({
      startedAt: 1000,
      stops: Object.fromEntries(sources.map((source) => [source, stops[source]])),
      firstTranscriptAt: 1050,
      finalAt: 1500,
      committedAt: 1600,
    });
  assert.deepEqual(figures("words", "provider", "vad"), {
    speechEndedAt: 1300,
    source: "vad",
    firstTranscriptDelay: 0.05,
    transcriptionDelay: 0.2,
    endOfTurnDelay: 0.3,
  });
  assert.equal(figures("words", "provider").endOfTurnDelay, 0.4);
  assert.equal(figures("words").endOfTurnDelay, 0.5);
  const unknown = figures();
  assert.deepEqual(
    [unknown.source, unknown.speechEndedAt, unknown.transcriptionDelay, unknown.endOfTurnDelay],
    [undefined, undefined, undefined, undefined],
  );
});

Deno.test("userTurnFigures() knows no end that lies before the start, and no delay below zero", () => {
  const stale = userTurnFigures({
    startedAt: 2000,
    stops: { provider: 1500 },
    finalAt: 2500,
    committedAt: 2600,
  });
  assert.equal(stale.source, undefined);
  assert.equal(stale.endOfTurnDelay, undefined);
  const early = userTurnFigures({ stops: { vad: 3000 }, finalAt: 2500, committedAt: 3000 });
  assert.deepEqual([early.transcriptionDelay, early.endOfTurnDelay], [0, 0]);
  assert.equal(early.firstTranscriptDelay, undefined);
});

Deno.test("userTurnFigures() takes the word of a worse source where that of a better one is of an earlier turn", () => {
  const figures = userTurnFigures({ startedAt: 2000, stops: { vad: 1500, words: 2400 }, committedAt: 2600 });
  assert.deepEqual([figures.source, figures.endOfTurnDelay], ["words", 0.2]);
});

Deno.test("AudioClock tells when a moment was sent, and nothing of what was not", () => {
  const clock = new AudioClock();
  assert.equal(clock.timeOf(0), undefined);
  for (let piece = 1; piece <= 50; piece++) clock.sent(0.1, piece * 100);
  assert.equal(Math.round(clock.seconds * 10), 50);
  assert.equal(clock.timeOf(0), 100);
  assert.equal(clock.timeOf(0.05), 100);
  assert.equal(clock.timeOf(0.1), 100);
  assert.equal(clock.timeOf(0.11), 200);
  assert.equal(clock.timeOf(5), 5000);
  assert.equal(clock.timeOf(5.01), undefined);
  assert.equal(clock.timeOf(NaN), undefined);
});

Deno.test("AudioClock tells of live audio within its tolerance, however unevenly it is sent", () => {
  const random = seededRandom(7);
  for (const length of [0.005, 0.02, 0.1]) {
    const clock = new AudioClock();
    const sentAt: number[] = [];
    for (let piece = 1; piece <= 20_000; piece++) {
      // timers are late by a few milliseconds, and now and then nobody sends for a while
      const pause = length < 0.02 ? 0 : Math.floor(piece / 4000) * 700;
      sentAt.push(piece * length * 1000 + pause + Math.floor(random() * 5));
      clock.sent(length, sentAt.at(-1)!);
    }
    for (let piece = 0; piece < sentAt.length; piece += 7) {
      const told = clock.timeOf((piece + 0.5) * length)!;
      // pieces shorter than 20 ms are told as one, when its last was sent
      const late = length < 0.02 ? 20 : 0;
      assert.ok(
        told >= sentAt[piece]! - 10.001 && told <= sentAt[piece]! + 10.001 + late,
        `${piece}: ${told}`,
      );
    }
  }
});

Deno.test("AudioClock forgets what is long past, and keeps its bound however uneven the pieces", () => {
  const clock = new AudioClock();
  let seconds = 0;
  for (let piece = 1; piece <= 100_000; piece++) {
    const length = 0.02 + piece % 2 / 100;
    seconds += length;
    clock.sent(length, seconds * 1000);
  }
  assert.equal(clock.timeOf(1), undefined);
  const recent = clock.timeOf(seconds - 1)!;
  assert.ok(Math.abs(recent - (seconds - 1) * 1000) <= 40, String(recent));
  assert.equal(clock.timeOf(seconds), seconds * 1000);
  assert.ok(Math.abs(clock.seconds - seconds) < 1e-6);
});

Deno.test("AudioClock takes audio that comes faster than it was spoken", () => {
  const clock = new AudioClock();
  clock.sent(60, 1000);
  clock.sent(60, 1001);
  assert.deepEqual([0, 59, 61, 120].map((at) => clock.timeOf(at)), [1000, 1000, 1001, 1001]);
});

Deno.test("Retries counts tries of one operation until one succeeds", () => {
  const retries = new Retries();
  const end = (operation: "llm" | "tts", endedAt: number, type?: string): void =>
    retries.ended(
      { start: { operation }, state: { failure: type && { type } }, endedAt } as unknown as Parameters<
        Retries["ended"]
      >[0],
    );
  assert.equal(retries.before("llm", 1000), undefined);
  end("llm", 1000, "429");
  assert.deepEqual(retries.before("llm", 1250), { count: 1, delaySeconds: 0.25, reason: "429" });
  assert.equal(retries.before("tts", 1250), undefined);
  end("llm", 1300, "503");
  // one that was begun before the other failed
  assert.deepEqual(retries.before("llm", 1200), { count: 2, delaySeconds: 0, reason: "503" });
  end("llm", 1400);
  assert.equal(retries.before("llm", 1500), undefined);
});

Deno.test("distributionOf() gives nearest ranks of figures that were there", () => {
  assert.equal(distributionOf([]), undefined);
  assert.deepEqual(distributionOf([3]), { count: 1, p50: 3, p95: 3, max: 3 });
  for (let count = 1; count <= 300; count++) {
    const figures = Array.from({ length: count }, (_, index) => count - index);
    const rank = (percent: number): number => Math.ceil(count * percent / 100);
    assert.deepEqual(distributionOf(figures), { count, p50: rank(50), p95: rank(95), max: count });
  }
});

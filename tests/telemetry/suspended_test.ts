/** A session as a small text. */

import assert from "node:assert/strict";
import { readSession, type SuspendedSession, writeSession } from "../../src/telemetry/session/suspended.ts";
import type { TurnLatency } from "../../src/telemetry/turn/turn_latency.ts";

const session: SuspendedSession = {
  id: "s-1",
  name: "voice.session",
  traceId: "0123456789abcdef0123456789abcdef",
  spanId: "0123456789abcdef",
  traceFlags: 1,
  startedAt: 1_790_000_000_000.25,
  attributes: { "tenant.id": "acme", tiny: 1e-9, list: ["a", "b"] },
  usage: [{ operation: "llm", provider: "openai", model: "gpt-x", requests: 2, inputTokens: 12 }],
  attempts: { total: 2, success: 2, error: 0, cancelled: 0, abandoned: 0, retried: 1 },
  turnCounts: { user: 4, agent: 3, interrupted: 1 },
  errors: [{ provider: "openai", errorType: "429", count: 1, requestIds: ["req_1"] }],
  turns: [{ speechId: "speech_1", kind: "reply", interrupted: false, endToEnd: 0.1 + 0.2 }],
  userTurn: {
    marks: { startedAt: 1, stops: { vad: 2 }, finalAt: 3 },
    ids: ["dg-1"],
    recognizer: { providerName: "deepgram", model: "nova-3" },
    confidences: { count: 1, sum: 0.9 },
  },
};
const bytes = (text: string): number => new TextEncoder().encode(text).length;
const turn = (index: number): TurnLatency => ({
  speechId: `speech_${index}`,
  kind: "reply",
  interrupted: false,
  transcriptionDelay: 0.123456789 * index,
  endOfTurnDelay: 0.4,
  llmTtft: 0.5,
});

Deno.test("writeSession() and readSession() give back what was, without the dust of floating point", () => {
  const { text, left } = writeSession(session);
  assert.deepEqual(left, []);
  assert.deepEqual(readSession(text), {
    ...session,
    turns: [{ ...session.turns[0]!, endToEnd: 0.3 }],
  });
});

Deno.test("writeSession() stays below 2 KiB, whatever is much", () => {
  const long = 'é\ud800"'.repeat(1000);
  const cases: Record<string, Partial<SuspendedSession>> = {
    attributes: { attributes: { huge: long, "tenant.id": "acme" } },
    "many attributes": {
      attributes: Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`key-${index}`, `value ${index}`]),
      ),
    },
    turns: { turns: Array.from({ length: 256 }, (_, index) => turn(index)) },
    usage: {
      usage: Array.from({ length: 128 }, (_, index) => ({ ...session.usage[0]!, model: `m-${index}` })),
    },
    errors: {
      errors: Array.from(
        { length: 64 },
        (_, index) => ({
          provider: "openai",
          errorType: `E${index}`,
          count: 1,
          requestIds: ["req_1".repeat(20)],
        }),
      ),
    },
    "a user turn": {
      userTurn: {
        ...session.userTurn!,
        ids: Array.from({ length: 128 }, (_, index) => `${index}`.padEnd(500, "x")),
        confidences: { count: 5000, sum: 2500 },
      },
    },
    "a model": { userTurn: { ...session.userTurn!, recognizer: { providerName: "x", model: long } } },
    id: { id: long },
    name: { name: long },
  };
  for (const [name, much] of Object.entries({ ...cases, all: Object.assign({}, ...Object.values(cases)) })) {
    const { text } = writeSession({ ...session, ...much });
    assert.ok(bytes(text) < 2048, `${name}: ${bytes(text)}`);
    const read = readSession(text);
    assert.equal(read.spanId, session.spanId, name);
    assert.deepEqual(read.attempts, session.attempts, name);
  }
});

Deno.test("writeSession() drops the figures of old turns first, and one huge attribute costs nothing else", () => {
  const many = writeSession({ ...session, turns: Array.from({ length: 100 }, (_, index) => turn(index)) });
  assert.deepEqual(many.left, ["turns"]);
  const read = readSession(many.text);
  assert.equal(read.turns.at(-1)!.speechId, "speech_99");
  assert.deepEqual(read.usage, session.usage);
  const huge = writeSession({ ...session, attributes: { ...session.attributes, huge: "x".repeat(5000) } });
  assert.deepEqual(huge.left, ["attributes"]);
  assert.equal(readSession(huge.text).turns.length, 1);
  assert.deepEqual(readSession(huge.text).attributes, session.attributes);
});

Deno.test("readSession() says why it cannot read a text", () => {
  const { text } = writeSession(session);
  const refused = (odd: unknown, message: RegExp): void =>
    assert.throws(() => readSession(odd as string), { name: "TypeError", message });
  refused(text.replace("acme", "acne"), /^Cannot resume the session as its text was changed$/);
  refused(text.slice(0, -40), /it is not the text that suspend\(\) gave/);
  refused(`${text.slice(0, -41)}}`, /its text was changed/);
  refused(text.replace("teespan1", "teespan9"), /it must be of version 1: current value is 9/);
  refused("", /it is not the text/);
  refused("{}", /it is not the text/);
  refused(undefined, /what is resumed must be the text/);
});

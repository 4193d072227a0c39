/** What the page makes of spans, before anything is drawn. */

import assert from "node:assert/strict";
import type { SpanFacts, SpanRow, TraceDetail } from "../../src/viewer/api.ts";
import { capturedWords } from "../../src/viewer/client/captured.ts";
import { latencySegments, readConversation } from "../../src/viewer/client/conversation.ts";
import { distributionOf } from "../../src/viewer/client/distribution.ts";
import { formatSeconds, visible } from "../../src/viewer/client/format.ts";
import { findGaps, layOutLanes } from "../../src/viewer/client/lanes.ts";
import { layOutTree } from "../../src/viewer/client/span_tree.ts";
import { supportMessage } from "../../src/viewer/client/support_message.ts";
import { startViewer } from "../../src/viewer/mod.ts";
import { ask, EVENTFUL, NOON, sendConversations } from "./send.ts";

function span(spanId: string, from: number, until: number, more: Partial<SpanRow> = {}): SpanRow {
  return {
    spanId,
    name: "x",
    role: "attempt",
    startMs: from,
    durationSeconds: (until - from) / 1000,
    failed: false,
    facts: {},
    ...more,
  };
}

Deno.test("a conversation is read as exchanges, with silence, barge-in, and what is outside of turns", async () => {
  await using viewer = await startViewer({ port: 0 });
  const [sent] = await sendConversations(viewer.url, [EVENTFUL]);
  const { spans } = await ask<TraceDetail>(viewer, `traces/${sent!.traceId}`);
  const exchanges = readConversation(spans);
  assert.deepEqual(
    exchanges.map((
      { kind, number, user, agent, bargesIn },
    ) => [kind, number, user !== undefined, agent !== undefined, bargesIn]),
    [
      ["turn", 1, false, true, false],
      ["turn", 2, true, true, false],
      ["turn", 3, true, true, true],
      ["turn", 4, true, true, false],
      ["outside", 0, false, false, false],
    ],
  );
  assert.ok(exchanges[3]!.quietSeconds > 0);
  const retried = layOutLanes(exchanges[2]!.spans);
  assert.deepEqual(retried.map(({ label, bars }) => [label, bars.length]), [["llm.voice_response", 2], [
    "TTS",
    1,
  ]]);
  const [refused, answered] = retried[0]!.bars;
  assert.deepEqual([refused!.span.facts.httpStatus, refused!.wait], [429, undefined]);
  assert.deepEqual([answered!.wait?.seconds, answered!.wait?.reason], [0.25, "429"]);
  assert.ok(layOutLanes(exchanges[3]!.spans).some(({ label }) => label === "look_up_order"));
});

Deno.test("operations have their place in the conversation, with what was begun in them", () => {
  const operation = { role: "node", facts: { node: "operation" } } as const;
  const exchanges = readConversation([
    span("stt", 0, 9000),
    span("greet", 100, 900, { ...operation, name: "greet" }),
    span("greet tts", 110, 500, { parentId: "greet" }),
    span("look up", 120, 300, { ...operation, parentId: "greet" }),
    span("look up llm", 130, 200, { parentId: "look up" }),
    span("user", 2000, 3000, { role: "user_turn" }),
    span("agent", 3000, 4000, { role: "agent_turn" }),
    span("own", 3100, 3200, { ...operation, parentId: "agent" }),
    span("remind", 6000, 8000, { ...operation, name: "remind" }),
    span("remind llm", 6100, 6200, { parentId: "remind" }),
    span("say", 6300, 7900, { role: "agent_turn", parentId: "remind" }),
    span("say tts", 6400, 6500, { parentId: "say" }),
  ]);
  assert.deepEqual(
    exchanges.map(({ kind, number, operation, quietSeconds, spans }) => [
      kind,
      number,
      operation?.spanId,
      quietSeconds,
      spans.map(({ spanId }) => spanId),
    ]),
    [
      ["operation", 0, "greet", 0, ["greet", "greet tts", "look up", "look up llm"]],
      ["turn", 1, undefined, 1.1, ["own"]],
      ["turn", 2, "remind", 2, ["remind", "remind llm", "say tts"]],
      ["outside", 0, undefined, 0, ["stt"]],
    ],
  );
});

Deno.test("the parts of a turn's latency add up to the whole, whatever of them is known", () => {
  const sums: readonly (readonly [SpanFacts, readonly string[]])[] = [
    [{ e2eSeconds: 1, latency: { end_of_turn: 0.3, llm_ttft: 0.5, tts_ttfb: 0.2 } }, [
      "end_of_turn",
      "llm_ttft",
      "tts_ttfb",
    ]],
    [{ e2eSeconds: 1, latency: { llm_ttft: 0.5 } }, ["llm_ttft", "rest"]],
    [{ e2eSeconds: 1, latency: { llm_follow_up: 0.2, tools: 0.2, tool_call: 0.1, llm_ttft: 0.5 } }, [
      "llm_ttft",
      "tool_call",
      "tools",
      "llm_follow_up",
    ]],
    [{ e2eSeconds: 1 }, ["rest"]],
    // LiveKit's own figures, of a turn that has no parts
    [{ e2eSeconds: 1, endOfTurnDelaySeconds: 0.2, ttftSeconds: 0.4, ttfbSeconds: 0.1 }, [
      "end_of_turn",
      "llm_ttft",
      "tts_ttfb",
      "rest",
    ]],
    [{ e2eSeconds: 0.5, endOfTurnDelaySeconds: 0.2, ttftSeconds: 0.4 }, ["rest"]],
  ];
  for (const [facts, parts] of sums) {
    const segments = latencySegments(facts);
    assert.deepEqual(segments.map(({ part }) => part), parts);
    assert.ok(Math.abs(segments.reduce((sum, { seconds }) => sum + seconds, 0) - facts.e2eSeconds!) < 1e-9);
  }
  assert.deepEqual(latencySegments({}), []);
});

Deno.test("tries share a lane, other models and what runs at the same time do not", () => {
  const of = (provider: string, more: SpanFacts = {}) => ({
    operation: "llm" as const,
    parentId: "p",
    facts: { provider, ...more },
  });
  const lanes = layOutLanes([
    span("a", 0, 10, { ...of("openai", { errorType: "429" }), failed: true }),
    span("b", 5, 30, of("openai")),
    span("c", 20, 40, of("anthropic")),
    span("d", 50, 60, of("openai")),
    span("e", 60, 70, of("groq")),
  ]);
  assert.deepEqual(lanes.map(({ bars }) => bars.map(({ span: { spanId } }) => spanId)), [["a", "c"], [
    "b",
    "d",
  ], ["e"]]);
  assert.deepEqual(lanes[0]!.bars[1]!.wait, { startMs: 10, seconds: 0.01, reason: "429" });
});

Deno.test("gaps are where nothing was traced", () => {
  assert.deepEqual(findGaps([span("a", 100, 300), span("b", 250, 400)], 0, 1000), [
    { startMs: 0, endMs: 100 },
    { startMs: 400, endMs: 1000 },
  ]);
  assert.deepEqual(findGaps([span("a", 10, 990)], 0, 1000), []);
});

Deno.test("a tree has every span once: orphans, circles and spans that are their own parent too", () => {
  const spans = [
    span("root", 0, 9),
    span("child", 1, 8, { parentId: "root" }),
    span("leaf", 2, 3, { parentId: "child" }),
    span("orphan", 4, 5, { parentId: "gone" }),
    span("own", 5, 6, { parentId: "own" }),
    span("x", 6, 7, { parentId: "y" }),
    span("y", 6, 7, { parentId: "x" }),
  ];
  assert.deepEqual(
    layOutTree(spans).map(({ span: { spanId }, depth, descendants }) => [spanId, depth, descendants]),
    [
      ["root", 0, 2],
      ["child", 1, 1],
      ["leaf", 2, 0],
      ["orphan", 0, 0],
      ["own", 0, 0],
      ["x", 0, 1],
      ["y", 1, 0],
    ],
  );
  const deep = Array.from(
    { length: 10_000 },
    (_, index) => span(`s${index}`, index, 10_000, index === 0 ? {} : { parentId: `s${index - 1}` }),
  );
  const tree = layOutTree(deep);
  assert.deepEqual([tree.length, tree[0]!.descendants, tree.at(-1)!.depth], [10_000, 9_999, 9_999]);
});

Deno.test("the message for support holds what a provider asks for, and no content", () => {
  const message = supportMessage(span("a", NOON, NOON + 90, {
    failed: true,
    facts: {
      provider: "openai",
      model: "gpt-5-mini",
      responseModel: "gpt-5-mini-2025-08-07",
      requestIds: ["req_1", "chatcmpl-1"],
      httpStatus: 429,
      errorType: "429",
      errorCode: "rate_limit\nexceeded",
      outcome: "error",
      method: "POST",
      server: "api.openai.com",
    },
  }));
  assert.equal(
    message,
    [
      "Provider: openai",
      "Request ids: req_1, chatcmpl-1",
      `Time: ${new Date(NOON).toISOString()}, took 90 ms`,
      "Model: gpt-5-mini → gpt-5-mini-2025-08-07",
      "Status: HTTP 429, rate_limit exceeded",
      "Endpoint: POST api.openai.com",
    ].join("\n"),
  );
  assert.equal(
    supportMessage(span("a", NOON, NOON + 90)),
    `Time: ${new Date(NOON).toISOString()}, took 90 ms`,
  );
});

Deno.test("figures are written as people read them", () => {
  const written = [0.0042, 0.0101, 0.9999, 1.5, 60, 61.2, 3600, 3900].map(formatSeconds);
  assert.deepEqual(written, [
    "4.2 ms",
    "10 ms",
    "1.00 s",
    "1.50 s",
    "1 min",
    "1 min 01 s",
    "1 h",
    "1 h 05 min",
  ]);
  assert.equal(visible("a\u202eb\u0007c"), "a\\u202eb\\u0007c");
});

Deno.test("a distribution counts every value, outliers in its last bin", () => {
  const points = [...Array(99).fill(0.1), 500].map((seconds) => ({
    seconds,
    model: "m",
    timeMs: 0,
    traceId: "",
    spanId: "",
  }));
  const [bounds, counts] = distributionOf({ points }, ["m"]);
  assert.equal(counts!.reduce((sum, count) => sum + count, 0), 100);
  assert.ok(bounds.at(-1)! < 1);
});

Deno.test("captured messages are shown as what was said by whom, in whichever shape they come", () => {
  const words = (value: unknown) => capturedWords(JSON.stringify(value));
  const call = { type: "tool_call", name: "look_up", arguments: { q: "span" } };
  assert.deepEqual(
    words([
      {
        role: "user",
        parts: [{ type: "text", content: "What is this?" }, { type: "blob", modality: "image" }],
      },
      { role: "assistant", parts: [{ type: "reasoning", content: "Hm." }, call] },
      { role: "tool", parts: [{ type: "tool_call_response", response: "Work." }] },
    ]),
    [
      { role: "user", text: "What is this?" },
      { role: "user", text: "[image]" },
      { role: "assistant reasoning", text: "Hm." },
      { role: "assistant", text: 'look_up({"q":"span"})' },
      { role: "tool", text: "Work." },
    ],
  );
  assert.deepEqual(words([{ type: "text", content: "Be brief." }]), [{ role: "", text: "Be brief." }]);
  assert.deepEqual(
    words({
      items: [
        { type: "message", role: "user", content: ["Hi"] },
        { type: "function_call", name: "look_up", arguments: "{}" },
        { type: "function_call_output", output: "Work." },
      ],
    }),
    [{ role: "user", text: "Hi" }, { role: "assistant", text: "look_up({})" }, {
      role: "tool",
      text: "Work.",
    }],
  );
  for (const other of ["mere words", "{}", "[]", "5", "{not json", 7, ["a"]]) {
    assert.equal(capturedWords(other), undefined, String(other));
  }
});

import assert from "node:assert/strict";
import { formatTrace, type ReceivedSpan } from "../../src/testing/mod.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

/** A span from `start` to `end` in milliseconds. */
function span(
  spanId: string,
  parentSpanId: string | undefined,
  name: string,
  [start, end]: readonly [start: number, end: number],
  rest: Partial<ReceivedSpan> = {},
): ReceivedSpan {
  return {
    traceId: TRACE,
    spanId,
    parentSpanId,
    name,
    kind: "INTERNAL",
    startTimeUnixNano: BigInt(Math.round(start * 1e6)),
    endTimeUnixNano: BigInt(Math.round(end * 1e6)),
    durationSeconds: (end - start) / 1000,
    attributes: {},
    events: [],
    links: [],
    status: { code: "UNSET" },
    flags: 0,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    resource: {},
    scope: { name: "" },
    ...rest,
  };
}

const ids = Array.from({ length: 4 }, (_, index) => `chatcmpl-${String(index).repeat(24)}`);

const turn: readonly ReceivedSpan[] = [
  span("7", "6", "tts_request_run", [1300, 1840], {
    attributes: {
      "gen_ai.provider.name": "cartesia",
      "gen_ai.request.model": "sonic-3",
      "lk.response.ttft": 0.09,
      "lk.response.ttfb": 0.09,
      "teespan.characters": 196,
      "teespan.audio.duration": 13.0667,
      "teespan.connection.acquire_time": 0.0412,
      "teespan.connection.reused": false,
      "teespan.outcome": "cancelled",
    },
  }),
  span("1", undefined, "agent_session", [0, 1840]),
  span("5", "3", "llm_request_run", [760, 1290], {
    attributes: {
      "lk.provider_request_ids": ids,
      "lk.retry_count": 1,
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.response.model": "gpt-4o-2024-08-06",
      "http.response.status_code": 200,
      "lk.response.ttft": 0.1234,
      "gen_ai.usage.input_tokens": 120,
      "gen_ai.usage.cache_read.input_tokens": 100,
      "gen_ai.usage.output_tokens": 45,
      "gen_ai.usage.reasoning.output_tokens": 12,
      "gen_ai.response.finish_reasons": ["stop"],
      "teespan.outcome": "success",
    },
  }),
  span("4", "3", "llm_request_run", [640, 643.25], {
    attributes: {
      "lk.provider_request_ids": ["req_1"],
      "lk.retry_count": 0,
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "http.response.status_code": 429,
      "error.type": "rate_limit_exceeded",
      "teespan.outcome": "error",
    },
    status: { code: "ERROR", message: "rate_limit_exceeded" },
  }),
  span("2", "1", "user_turn", [0, 620]),
  span("3", "1", "llm_node", [630, 1300]),
  span("6", "1", "tts_node", [1295, 1840]),
];

Deno.test("formatTrace() draws a turn", () => {
  assert.equal(
    formatTrace(turn),
    `
trace 0af7651916cd43dd8448eb211c80319c · 7 spans · 1.84 s
agent_session            1.84 s  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
├─ user_turn             620 ms  ━━━━━━━━━━━━━
├─ llm_node              670 ms                ━━━━━━━━━━━━━━
│  ├─ llm_request_run    3.3 ms                ━                           ERROR rate_limit_exceeded
│  │     openai gpt-4o · HTTP 429
│  │     ids req_1
│  └─ llm_request_run    530 ms                   ──━━━━━━━━━
│        openai gpt-4o → gpt-4o-2024-08-06 · HTTP 200 · retry 1 · ttft 123 ms · 120 in (100 cached) ·
│        45 out (12 reasoning) · finish stop
│        ids chatcmpl-000000000000000000000000, chatcmpl-111111111111111111111111,
│            chatcmpl-222222222222222222222222, chatcmpl-333333333333333333333333
└─ tts_node              545 ms                              ━━━━━━━━━━━━
   └─ tts_request_run    540 ms                              ──━━━━━━━━━━
         cartesia sonic-3 · cancelled · ttfb 90 ms · 196 characters · 13.07 s of audio ·
         socket opened in 41 ms
`.slice(1, -1),
  );
});

Deno.test("formatTrace() colors without changing the text", () => {
  const colored = formatTrace(turn, { color: true });
  assert.notEqual(colored, formatTrace(turn));
  // deno-lint-ignore no-control-regex
  assert.equal(colored.replace(/\x1b\[\d+m/g, ""), formatTrace(turn));
});

Deno.test("formatTrace() draws orphans as roots and each trace by itself", () => {
  const other = "f".repeat(32);
  const text = formatTrace([
    span("b", "gone", "orphan", [5, 6]),
    span("a", undefined, "root", [0, 10]),
    span("a", undefined, "other root", [7, 9], { traceId: other }),
  ]);
  assert.equal(
    text,
    `
trace ${TRACE} · 2 spans · 10 ms
root       10 ms  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
orphan      1 ms                      ━━━━

trace ${other} · 1 span · 2 ms
other root      2 ms
`.slice(1, -1),
  );
});

Deno.test("formatTrace() draws circles, doubles and very deep traces once", () => {
  const circle = [
    span("a", "b", "first", [0, 1]),
    span("b", "a", "second", [1, 2]),
    span("c", "c", "own parent", [2, 3]),
    span("b", "a", "second", [1, 2]),
  ];
  assert.equal(formatTrace(circle).split("\n").length, 5);
  const deep = Array.from(
    { length: 2000 },
    (_, index) => span(`s${index}`, `s${index - 1}`, "deep", [index, 2000]),
  );
  assert.equal(formatTrace(deep).split("\n").length, 2001);
  assert.equal(formatTrace([]), "");
});

Deno.test("formatTrace() stays within 110 columns and cuts neither ids nor messages", () => {
  const message =
    "Rate limit reached for gpt-4o in organization org-1 on tokens per min, please include the request id " +
    "req_0123456789abcdef0123456789abcdef in your message to support";
  const [first] = formatTrace([
    span("a", undefined, "agent_session", [0, 1]),
    span("b", "a", "llm_request_run", [0, 1], {
      attributes: { "lk.provider_request_ids": [...ids, "x".repeat(200)] },
      status: { code: "ERROR", message },
    }),
  ]).split("\n\n");
  const lines = first?.split("\n") ?? [];
  for (const id of ids) assert.ok(lines.some((line) => line.includes(id)));
  assert.ok(lines.some((line) => line.includes("x".repeat(200))));
  assert.deepEqual(lines.filter((line) => line.length > 110 && !line.includes("x".repeat(200))), []);
  assert.ok(first?.includes("req_0123456789abcdef0123456789abcdef"));
});

Deno.test("formatTrace() lets no control characters through", () => {
  const text = formatTrace([span("a", undefined, "evil\x1b[2J\nname", [0, 1])]);
  assert.equal(text.split("\n")[1], "evil [2J name      1 ms");
});

Deno.test("formatTrace() names an error once, and says what status and code do not", () => {
  const attributes = {
    "gen_ai.provider.name": "openai",
    "http.response.status_code": 429,
    "error.type": "429",
    "teespan.error.code": "insufficient_quota",
    "teespan.outcome": "error",
  };
  const failed = span("a", undefined, "llm_request_run", [0, 5], {
    attributes,
    status: { code: "ERROR", message: "429" },
  });
  assert.deepEqual(formatTrace([failed]).split("\n").slice(1), [
    "llm_request_run      5 ms  ERROR 429",
    "   openai · HTTP 429 · insufficient_quota",
  ]);
});

Deno.test("formatTrace() tells text before audio, one character, and a socket that was open", () => {
  const attributes = {
    "lk.response.ttft": 0.1,
    "lk.response.ttfb": 0.2,
    "teespan.characters": 1,
    "teespan.audio.duration": 0.5,
    "teespan.connection.reused": true,
  };
  const [, , facts] = formatTrace([span("a", undefined, "realtime_inference", [0, 500], { attributes })])
    .split("\n");
  assert.equal(facts, "   ttft 100 ms · ttfb 200 ms · 1 character · 500 ms of audio · socket reused");
});

Deno.test("formatTrace() shows a bar for the shortest span, and none that leaves its trace", () => {
  const lines = formatTrace([
    span("a", undefined, "root", [0, 1000]),
    span("b", "a", "last", [1000, 1000]),
    span("c", "a", "late output", [500, 600], { attributes: { "lk.response.ttft": 99 } }),
  ]).split("\n").slice(1);
  assert.match(lines[0] ?? "", / {2}━{40}$/);
  assert.match(lines[1] ?? "", / {22}─{3}━$/);
  assert.equal(lines[2], "│     ttft 99.00 s");
  assert.match(lines[3] ?? "", / {41}━$/);
});

Deno.test("formatTrace() tells what the user waited for in parts, and thin is the bar until then", () => {
  const latency = (parts: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(parts).map(([part, seconds]) => [`teespan.turn.latency.${part}`, seconds]),
    );
  const lines = formatTrace([
    span("s", undefined, "agent_session", [0, 4000]),
    span("a", "s", "agent_turn", [1000, 3000], {
      attributes: {
        "lk.speech_id": "speech_1",
        "lk.e2e_latency": 1.2,
        "lk.response.ttft": 0.5,
        "lk.response.ttfb": 0.2,
        "lk.interrupted": true,
        "lk.interruption.source": "user_turn",
        ...latency({ transcription: 0.15, end_of_turn: 0.05, reply: 0, llm_ttft: 0.5, tts_ttfb: 0.5 }),
      },
    }),
    span("n", "a", "llm.voice_response", [1000, 1500], {
      attributes: { "llm.use_case": "voice.reply", "llm.call_site": "main" },
    }),
    span("t", "a", "function_tool", [1500, 1600], { attributes: { "lk.function_tool.name": "look_up" } }),
  ]).split("\n").slice(2);
  assert.match(lines[0]!, / {10}─{10}━{10}$/);
  assert.deepEqual(lines.filter((line) => !line.includes("━")), [
    "   │  interrupted by the user · e2e 1.20 s · transcription 150 ms · end of turn 50 ms · llm 500 ms ·",
    "   │  tts 500 ms · speech_1",
    "   │     for voice.reply · at main",
    "         look_up",
  ]);
});

Deno.test("formatTrace() tells of a turn of the user and of its recognition what was heard, and how", () => {
  const event = { name: "user_turn", timeUnixNano: 1n, attributes: {}, droppedAttributesCount: 0 };
  const lines = formatTrace([
    span("a", undefined, "stt_request_run", [0, 9000], {
      attributes: {
        "gen_ai.provider.name": "deepgram",
        "gen_ai.response.time_to_first_chunk": 1.5,
        "teespan.stt.time_to_first_transcript": 1.5,
        "teespan.audio.sent_duration": 8.9,
      },
      events: [event, event],
    }),
    span("b", "a", "user_turn", [0, 1000], {
      attributes: {
        "lk.transcription_delay": 0.2,
        "lk.end_of_turn_delay": 0.25,
        "lk.transcript_confidence": 0.976,
        "teespan.turn.clock": "words",
        "teespan.turn.outcome": "cleared",
      },
    }),
    span("c", "b", "eou_detection", [900, 1000], { attributes: { "lk.eou.probability": 0.8 } }),
  ]).split("\n").filter((line) => !line.includes("━") && !line.startsWith("trace"));
  assert.deepEqual(lines, [
    "│  deepgram · first transcript 1.50 s · 8.90 s of audio heard · 2 turns",
    "   │  transcription 200 ms · end of turn 250 ms · confidence 0.98 · clock words · cleared",
    "         probability 0.8",
  ]);
});

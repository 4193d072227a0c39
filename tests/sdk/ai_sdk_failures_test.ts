import { fixture, type HttpFixture } from "../support/fixtures.ts";
import { endOfEvent, type Scenario, testScenarios } from "./compare.ts";
import { datedAnswer as answer } from "./dated_answer.ts";
import { aiModels, generate, type Models, stop, stream } from "./ai_sdk_client.ts";
import { spanOf, type SpanSummary } from "./span_summary.ts";

/** The SDK does not say in its requests which try they are. */
const NO_COUNT = { retryCount: undefined };

interface Door {
  readonly door: keyof Models;
  readonly whole: HttpFixture;
  /** A refusal after which there is no other try, and one after which there is. */
  readonly refused: HttpFixture;
  readonly limited: HttpFixture;
  /** A stream with an error in it. */
  readonly failed?: HttpFixture;
  /** Bytes of `whole` up to its first text, and what is known then. */
  readonly upToText: number;
  readonly known: SpanSummary;
}

const chat = fixture("openai", "chat_stream");
const responses = fixture("openai", "responses_stream");
const anthropic = fixture("anthropic", "messages_stream");
const google = fixture("gemini", "content_stream");

const doors: Door[] = [
  {
    door: "responses",
    whole: responses,
    refused: fixture("openai", "responses_error_400"),
    limited: fixture("openai", "error_429"),
    failed: fixture("openai", "responses_error_event"),
    upToText: endOfEvent(responses, 9),
    known: { ids: ["req_5a6b7c8d9e", "resp_0a1b2c3d4e5f60718293a4b5"] },
  },
  {
    door: "chat",
    whole: chat,
    refused: fixture("openai", "responses_error_400"),
    limited: fixture("openai", "error_429"),
    failed: fixture("openai", "truncated"),
    upToText: endOfEvent(chat, 2),
    known: { ids: ["req_0f2c6b7d1e", "chatcmpl-BfKt0aTeespan01"] },
  },
  {
    door: "anthropic",
    whole: anthropic,
    refused: fixture("anthropic", "error_529"),
    limited: fixture("anthropic", "error_529"),
    failed: fixture("anthropic", "overloaded_mid_stream"),
    upToText: endOfEvent(anthropic, 8),
    known: { ids: ["req_011Ateespan", "msg_01Teespan"], usage: [20, 1] },
  },
  {
    door: "google",
    whole: google,
    refused: fixture("gemini", "error_429"),
    limited: fixture("gemini", "error_429"),
    upToText: new TextDecoder("latin1").decode(google.body).split("\r\n\r\n", 2).join("\r\n\r\n").length + 4,
    known: { ids: ["tees0panAbcDEF12"], usage: [120, 34] },
  },
];

const scenarios = doors.flatMap(
  ({ door, whole, refused, limited, failed, upToText, known }): Scenario<Models>[] => {
    const cut = { ...known, status: 200, ttft: true } as const;
    const stalled = answer(whole, { fault: { kind: "stall", afterBytes: upToText } });
    return [
      {
        name: `generateText() that is refused through ${door}`,
        respond: answer(refused),
        run: (models) => generate(models[door]),
        throws: "APICallError",
        answers: ["complete"],
        spans: [spanOf(refused, NO_COUNT)],
      },
      {
        name: `streamText() that is refused through ${door}`,
        respond: answer(refused, { chunkBytes: 20 }),
        run: (models, stage) => stream(models[door], stage),
        answers: ["complete"],
        spans: [spanOf(refused, NO_COUNT)],
      },
      {
        name: `streamText() that is refused once through ${door}`,
        respond: [answer(limited, { headers: { "retry-after-ms": "1" } }), answer(whole)],
        run: (models, stage) => stream(models[door], stage, { maxRetries: 2 }),
        answers: ["complete", "complete"],
        spans: [spanOf(limited, NO_COUNT), spanOf(whole, NO_COUNT)],
      },
      ...failed === undefined ? [] : [
        {
          name: `streamText() with an error in its middle through ${door}`,
          respond: answer(failed, { chunkBytes: 64 }),
          run: async (models: Models, stage) => {
            const results = await stream(models[door], stage);
            // some read the rest after they have said so
            await new Promise((resolve) => setTimeout(resolve, 30));
            return results;
          },
          answers: ["complete"],
          spans: [spanOf(failed, NO_COUNT)],
        } satisfies Scenario<Models>,
      ],
      {
        name: `streamText() with a reset in its middle through ${door}`,
        respond: answer(whole, { fault: { kind: "reset", afterBytes: upToText } }),
        run: (models, stage) => stream(models[door], stage),
        throws: "APICallError",
        answers: ["fault"],
        spans: [{ ...cut, outcome: "error", errorType: "TypeError" }],
      },
      ...(["abort", "break"] as const).map((how): Scenario<Models> => ({
        name: `${how === "break" ? "break, then abort" : how} at the first text through ${door}`,
        respond: stalled,
        run: (models, stage) => stop(models[door], stage, how),
        answers: ["cancelled"],
        spans: [{ ...cut, outcome: "cancelled" }],
      })),
    ];
  },
);

testScenarios("ai", aiModels, scenarios);

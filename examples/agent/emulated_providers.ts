/**
 * OpenAI and Anthropic, emulated over real HTTP: OpenAI refuses the first call with a 429 and streams its answer to
 * the second, token by token, with the usage after the end. Every answer has a request id of its own.
 */

import {
  type EmulatedResponse,
  type Emulator,
  type SeenRequest,
  startEmulator,
} from "@teespan/teespan/testing";

const ANSWER =
  "A span is one piece of work with a name, a beginning and an end. For an agent that is one call to a " +
  "model: how long until the first word, how many tokens, and the id by which the provider finds it again.";

/** Starts both, behind one emulator that tells them apart by host. */
export function startProviders(): Promise<Emulator> {
  let refusals = 0;
  return startEmulator({
    respond: ({ host }: SeenRequest) => {
      if (host === "api.anthropic.com") return tone();
      return refusals++ === 0 ? refusal() : answer();
    },
  });
}

function tone(): EmulatedResponse {
  return {
    headers: { "content-type": "application/json", "request-id": `req_011C${id(20)}` },
    delayMs: 180,
    body: JSON.stringify({
      id: `msg_01${id(22)}`,
      type: "message",
      role: "assistant",
      model: "claude-haiku-4-5-20251001",
      content: [{ type: "text", text: "plain" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: {
        input_tokens: 41,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 4,
        service_tier: "standard",
      },
    }),
  };
}

function refusal(): EmulatedResponse {
  return {
    status: 429,
    headers: { "content-type": "application/json", "x-request-id": `req_${id(32)}`, "retry-after-ms": "50" },
    delayMs: 45,
    body: JSON.stringify({
      error: {
        message:
          "Rate limit reached for gpt-5-mini on requests per min (RPM): Limit 500, Used 500, Requested 1.",
        type: "requests",
        param: null,
        code: "rate_limit_exceeded",
      },
    }),
  };
}

function answer(): EmulatedResponse {
  const chunk = {
    id: `chatcmpl-${id(29)}`,
    object: "chat.completion.chunk",
    created: Math.floor(Date.now() / 1000),
    model: "gpt-5-mini-2025-08-07",
    service_tier: "default",
    usage: null,
  };
  const choice = (delta: object, finish_reason: string | null = null) => ({
    ...chunk,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const tokens = ANSWER.match(/\s?\S+/g) ?? [];
  return {
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-request-id": `req_${id(32)}` },
    delayMs: 240,
    paceMs: 25,
    body: [
      choice({ role: "assistant", content: "" }),
      ...tokens.map((content) => choice({ content })),
      choice({}, "stop"),
      { ...chunk, choices: [], usage: usage(tokens.length) },
    ].map((event) => `data: ${JSON.stringify(event)}\n\n`).concat("data: [DONE]\n\n"),
  };
}

function usage(visible: number): object {
  const reasoning = 64;
  return {
    prompt_tokens: 1186,
    completion_tokens: visible + reasoning,
    total_tokens: 1186 + visible + reasoning,
    prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
  };
}

function id(length: number): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, length);
}

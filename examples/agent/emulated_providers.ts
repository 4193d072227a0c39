/**
 * OpenAI and Anthropic, emulated over real HTTP: OpenAI refuses the first call with a 429 and streams its answers to
 * the others, token by token, with the usage after the end; asked for an order it wants a tool called first. Every
 * answer has a request id of its own.
 */

import {
  type EmulatedResponse,
  type Emulator,
  type SeenRequest,
  startEmulator,
} from "@teespan/teespan/testing";

interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

const HOURS = "Yes, until six.";
const ORDER =
  "It left our depot this morning. A driver has it on board, with eleven stops to go before yours. " +
  "You can expect it between two and three, and you will get a message before.";

/** Starts both, behind one emulator that tells them apart by host. */
export function startProviders(): Promise<Emulator> {
  let refusals = 0;
  return startEmulator({
    respond: (request: SeenRequest) => {
      if (request.host === "api.anthropic.com") return tone();
      return refusals++ === 0 ? refusal() : answer(request.json() as ChatRequest);
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

function answer({ messages }: ChatRequest): EmulatedResponse {
  const { role = "", content = "" } = messages.at(-1) ?? {};
  if (role === "tool") return stream(textOf(ORDER), "stop", 1297);
  return /order/i.test(content)
    ? stream(toolCall(), "tool_calls", 1241)
    : stream(textOf(HOURS), "stop", 1186);
}

function textOf(text: string): readonly object[] {
  return [
    { role: "assistant", content: "" },
    ...(text.match(/\s?\S+/g) ?? []).map((content) => ({ content })),
  ];
}

function toolCall(): readonly object[] {
  const [first, ...rest] = [
    { id: `call_${id(24)}`, type: "function", function: { name: "look_up_order", arguments: "" } },
    { function: { arguments: '{"number":' } },
    { function: { arguments: '"1042"}' } },
  ].map((part) => ({ tool_calls: [{ index: 0, ...part }] }));
  return [{ role: "assistant", content: null, ...first }, ...rest];
}

function stream(deltas: readonly object[], finish: string, inputTokens: number): EmulatedResponse {
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
  return {
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-request-id": `req_${id(32)}` },
    delayMs: 180,
    paceMs: 12,
    body: [
      ...deltas.map((delta) => choice(delta)),
      choice({}, finish),
      { ...chunk, choices: [], usage: usage(inputTokens, deltas.length) },
    ].map((event) => `data: ${JSON.stringify(event)}\n\n`).concat("data: [DONE]\n\n"),
  };
}

function usage(input: number, visible: number): object {
  const reasoning = 64;
  return {
    prompt_tokens: input,
    completion_tokens: visible + reasoning,
    total_tokens: input + visible + reasoning,
    prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
  };
}

function id(length: number): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, length);
}

/**
 * An answer as OpenAI streams it, in events.
 *
 * @module
 */

/** Chunks of the answer that most is measured with. */
export const SSE_CHUNKS = 2_000;

/** What the answers say, for those who look whether it was recorded. */
export const said = {
  id: "chatcmpl-C5mZb0Jx7vQkTtUe2bQ8nJ4LdPq1W",
  requestId: "req_6f1d4c0a9b7e4f5c8d2e3a1b0c9d8e7f",
  usage: {
    prompt_tokens: 1_321,
    completion_tokens: 2_417,
    total_tokens: 3_738,
    prompt_tokens_details: { cached_tokens: 1_157, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 643, audio_tokens: 0 },
  },
  /** Milliseconds from the request to the first word of a slow answer. */
  firstWordMs: 120,
} as const;

/** The id in the header of the answer to one try; of the first, where nothing is refused. */
export function requestIdOf(tried: number): string {
  return tried === 0 ? said.requestId : `${said.requestId.slice(0, -2)}r${tried}`;
}

/** Event `index` of `count`: words, the finish, the usage, the end marker. */
export function eventAt(index: number, count: number): Uint8Array {
  return index < count - ENDING.length
    ? words[index % words.length]!
    : ENDING[index - count + ENDING.length]!;
}

function writeEvent(data: string): Uint8Array {
  return new TextEncoder().encode(`data: ${data}\n\n`);
}

/** One chunk, with all that OpenAI puts into it. */
function writeChunk(fields: object, obfuscation = "x"): Uint8Array {
  return writeEvent(JSON.stringify({
    id: said.id,
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "gpt-bench-2026-02-01",
    service_tier: "default",
    system_fingerprint: "fp_0123456789",
    choices: [],
    usage: null,
    obfuscation,
    ...fields,
  }));
}

/** One chunk of words. */
export function writeWords(content: string, index = 0): Uint8Array {
  const delta = { content };
  return writeChunk(
    { choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] },
    "x".repeat(index % 9 + 1),
  );
}

/** Made once, or making them would be what the server does. */
const words = Array.from({ length: 1_000 }, (_, index) => writeWords(` word${index}`, index));

const ENDING: readonly Uint8Array[] = [
  writeChunk({ choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: "stop" }] }),
  writeChunk({ usage: said.usage }),
  writeEvent("[DONE]"),
];

/**
 * Those who read, the same for all contenders: the official SDK, plain `fetch`, the AI SDK.
 *
 * @module
 */

import { memoryFetch } from "./memory.ts";
import type { Consumer, ConsumerName, Way } from "./protocol.ts";

const MODEL = "gpt-bench";
const messages = [{ role: "user" as const, content: "Talk at length" }];
const body = JSON.stringify({
  model: MODEL,
  stream: true,
  stream_options: { include_usage: true },
  messages,
});

/** Makes the consumers of a contender. An SDK is loaded when it is first used, and after the contender. */
export async function createConsumers(way: Way, origin: string): Promise<Record<ConsumerName, Consumer>> {
  const baseOf = (kind: string, id: string): string => `${origin}/${kind}/${id || "any"}`;
  const { default: OpenAI } = await import("openai");
  const clients = new Map<string, InstanceType<typeof OpenAI>>();
  const clientOf = (baseURL: string): InstanceType<typeof OpenAI> => {
    const inMemory = baseURL.includes("/memory/");
    const options = { baseURL, apiKey: "none", ...inMemory && { fetch: memoryFetch } };
    let client = clients.get(baseURL);
    client ??= way.openai?.(OpenAI, options) ?? new OpenAI(options);
    if (baseURL.endsWith("/any")) clients.set(baseURL, client);
    return client;
  };
  return {
    async openai(kind, id) {
      const abort = new AbortController();
      const stream = await clientOf(baseOf(kind, id)).chat.completions.create(
        { model: MODEL, messages, stream: true, stream_options: { include_usage: true } },
        { signal: abort.signal },
      );
      const iterator = stream[Symbol.asyncIterator]();
      return {
        next: () => iterator.next(),
        return: async () => await iterator.return?.(),
        abort: () => abort.abort(),
      };
    },
    async fetch(kind, id) {
      const abort = new AbortController();
      const response = await (way.fetch ?? fetch)(`${baseOf(kind, id)}/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: abort.signal,
      });
      const reader = response.body!.getReader();
      return { next: () => reader.read(), return: () => reader.cancel(), abort: () => abort.abort() };
    },
    async ai(kind, id) {
      const { streamText } = await import("ai");
      const { createOpenAI } = await import("@ai-sdk/openai");
      const abort = new AbortController();
      const provider = createOpenAI({
        baseURL: baseOf(kind, id),
        apiKey: "none",
        ...way.fetch && { fetch: way.fetch },
      });
      const { textStream } = streamText({
        model: provider.chat(MODEL),
        messages,
        abortSignal: abort.signal,
        onError() {},
        ...way.ai,
      });
      const iterator = textStream[Symbol.asyncIterator]();
      return {
        next: () => iterator.next(),
        return: async () => await iterator.return?.(),
        abort: () => abort.abort(),
      };
    },
  };
}

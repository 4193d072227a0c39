/** Langfuse, `@langfuse/openai`. */
import { observeOpenAI } from "@langfuse/openai";
import { startProvider } from "./otel.mjs";

export function start({ collector }) {
  const provider = startProvider(collector);
  return {
    openai: (Client, options) => observeOpenAI(new Client(options)),
    flush: () => provider.forceFlush(),
  };
}

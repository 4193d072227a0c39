/** One instrumented call in a process whose tracer provider is Deno's own. The provider's URL is the argument. */

import { instrumentFetch, measureAttempts } from "@teespan/teespan/core";
import { openai } from "@teespan/teespan/providers/openai";

const target = Deno.args[0]!;
const fetch = instrumentFetch(
  ((input: RequestInfo | URL, init?: RequestInit) =>
    globalThis.fetch(new URL(new URL(String(input)).pathname, target), init)) as typeof globalThis.fetch,
  { providers: [openai], measureAttempts },
);
const response = await fetch("https://api.openai.com/v1/chat/completions", { method: "POST", body: "{}" });
console.log(await response.text());

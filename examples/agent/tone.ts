/** A small step at the side: Anthropic chooses the tone of a call, by plain `fetch`. */

import type { Fetch } from "@teespan/teespan";

const TONES = ["plain", "playful", "formal"];

/** Chooses a tone for whoever is called so. */
export async function chooseTone(fetch: Fetch, apiKey: string, company: string): Promise<string> {
  const response = await fetch("https://api.anthropic.com/v1/messages", {
    method: "POST",
    headers: { "x-api-key": apiKey, "anthropic-version": "2023-06-01", "content-type": "application/json" },
    body: JSON.stringify({
      model: "claude-haiku-4-5",
      max_tokens: 8,
      system: `Which tone should whoever takes calls there have? Reply with one word of: ${
        TONES.join(", ")
      }.`,
      messages: [{ role: "user", content: company }],
    }),
  });
  if (!response.ok) throw new Error(`${response.status} from Anthropic: ${await response.text()}`);
  const { content } = await response.json() as { content: readonly { readonly text?: string }[] };
  const word = content[0]?.text?.trim().toLowerCase() ?? "";
  return TONES.includes(word) ? word : "plain";
}

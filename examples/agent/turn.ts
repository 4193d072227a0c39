/** One turn of a conversation: OpenAI's answer to what was asked, spoken while it comes. */

import type { Fetch } from "@teespan/teespan";
import OpenAI from "openai";
import type { Voice } from "./voice.ts";

/** Asks, and speaks the answer; gives its words when the last of the audio came. */
export async function speakAnswer(
  fetch: Fetch,
  apiKey: string,
  voice: Voice,
  question: string,
): Promise<string> {
  const openai = new OpenAI({ apiKey, baseURL: "https://api.openai.com/v1", fetch });
  const answer = await openai.chat.completions.create({
    model: "gpt-5-mini",
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content: question }],
  });
  const segment = voice.begin();
  let words = "";
  for await (const { choices } of answer) {
    const text = choices[0]?.delta.content ?? "";
    words += text;
    segment.say(text);
  }
  await segment.end();
  return words;
}

/** One turn of a conversation: OpenAI answers what was asked, with a tool if it needs one; each ask is a node. */

import type { AgentTurn } from "@teespan/teespan";
import type OpenAI from "openai";

/** What was said so far. */
export type History = OpenAI.ChatCompletionMessageParam[];

type ToolCall = OpenAI.ChatCompletionMessageFunctionToolCall;

const lookUpOrder = {
  type: "function",
  function: {
    name: "look_up_order",
    description: "Where an order is",
    parameters: { type: "object", properties: { number: { type: "string" } }, required: ["number"] },
  },
} as const;

/** Gives the answer to the last of `history` piece by piece, and adds to it what was called and said. */
export async function* reply(
  turn: AgentTurn,
  openai: OpenAI,
  history: History,
): AsyncGenerator<string, void, void> {
  while (true) {
    const answer = await turn.llm(
      { name: "llm.voice_response", useCase: "voice.reply" },
      // all tries of it, those that the SDK makes by itself, too
      () =>
        openai.chat.completions.create({
          model: "gpt-5-mini",
          reasoning_effort: "low",
          stream: true,
          stream_options: { include_usage: true },
          tools: [lookUpOrder],
          messages: history,
        }),
    );
    let content = "";
    const calls: ToolCall[] = [];
    for await (const { choices } of answer) {
      const delta = choices[0]?.delta;
      for (const part of delta?.tool_calls ?? []) gather(calls, part);
      if (!delta?.content) continue;
      content += delta.content;
      yield delta.content;
    }
    if (calls.length === 0) {
      history.push({ role: "assistant", content });
      return;
    }
    history.push({ role: "assistant", content, tool_calls: calls });
    for (const { id, function: { name, arguments: given } } of calls) {
      const found = await turn.tool({ name, id }, () => findOrder(given));
      history.push({ role: "tool", tool_call_id: id, content: found });
    }
  }
}

/** A call comes in pieces: its name first, then its arguments. */
function gather(
  calls: ToolCall[],
  { index, id = "", function: part }: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall,
): void {
  const call = calls[index] ??= { id, type: "function", function: { name: part?.name ?? "", arguments: "" } };
  call.function.arguments += part?.arguments ?? "";
}

/** A database, some way off. */
async function findOrder(given: string): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 60));
  return JSON.stringify({
    order: JSON.parse(given).number,
    state: "on board",
    stopsBefore: 11,
    due: "14-15",
  });
}

import assert from "node:assert/strict";
import { readPrompt } from "../../src/wire/prompt.ts";

const CALL = { type: "tool_call", id: "c1", name: "look_up", arguments: '{"q":"span"}' } as const;
const RESULT = { type: "tool_call_response", id: "c1", response: "A piece of work." } as const;
const PICTURE = { type: "blob", modality: "image", content: "" } as const;
const text = (content: string) => ({ type: "text", content }) as const;
const BASE64 = "iVBORw0KGgo=";

/** One conversation in each dialect: instructions, a question with a picture, a call, its result, an answer. */
const MESSAGES = [
  { role: "user", parts: [text("What is this?"), PICTURE] },
  { role: "assistant", parts: [text("Let me look."), CALL] },
  { role: "tool", parts: [RESULT] },
  { role: "assistant", parts: [text("A span.")] },
];

const dialects: Record<string, object> = {
  "OpenAI Chat": {
    messages: [
      {
        role: "user",
        content: [{ type: "text", text: "What is this?" }, { type: "image_url", image_url: { url: BASE64 } }],
      },
      {
        role: "assistant",
        content: "Let me look.",
        tool_calls: [{
          id: "c1",
          type: "function",
          function: { name: "look_up", arguments: '{"q":"span"}' },
        }],
      },
      { role: "tool", tool_call_id: "c1", content: "A piece of work." },
      { role: "assistant", content: "A span." },
    ],
    tools: [{ type: "function", function: { name: "look_up", parameters: { type: "object" } } }],
  },
  "Anthropic Messages": {
    system: [{ type: "text", text: "Be brief." }],
    messages: [
      {
        role: "user",
        content: [{ type: "text", text: "What is this?" }, {
          type: "image",
          source: { type: "base64", data: BASE64 },
        }],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Let me look." },
          { type: "tool_use", id: "c1", name: "look_up", input: { q: "span" } },
        ],
      },
      {
        role: "user",
        content: [{
          type: "tool_result",
          tool_use_id: "c1",
          content: [{ type: "text", text: "A piece of work." }],
        }],
      },
      { role: "assistant", content: "A span." },
    ],
    tools: [{ name: "look_up", input_schema: {} }],
  },
  "Gemini": {
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      {
        role: "user",
        parts: [{ text: "What is this?" }, { inlineData: { mimeType: "image/png", data: BASE64 } }],
      },
      {
        role: "model",
        parts: [{ text: "Let me look." }, {
          functionCall: { id: "c1", name: "look_up", args: { q: "span" } },
        }],
      },
      {
        role: "tool",
        parts: [{
          functionResponse: { id: "c1", name: "look_up", response: { output: "A piece of work." } },
        }],
      },
      { role: "model", parts: [{ text: "A span." }] },
    ],
    tools: [{ functionDeclarations: [{ name: "look_up" }] }],
  },
  "Bedrock Converse": {
    system: [{ text: "Be brief." }],
    messages: [
      {
        role: "user",
        content: [{ text: "What is this?" }, { image: { format: "png", source: { bytes: BASE64 } } }],
      },
      {
        role: "assistant",
        content: [{ text: "Let me look." }, {
          toolUse: { toolUseId: "c1", name: "look_up", input: { q: "span" } },
        }],
      },
      {
        role: "user",
        content: [{ toolResult: { toolUseId: "c1", content: [{ text: "A piece of work." }] } }],
      },
      { role: "assistant", content: [{ text: "A span." }] },
    ],
    toolConfig: { tools: [{ toolSpec: { name: "look_up" } }] },
  },
  "the AI SDK": {
    prompt: [
      {
        role: "user",
        content: [{ type: "text", text: "What is this?" }, {
          type: "file",
          mediaType: "image/png",
          data: BASE64,
        }],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Let me look." },
          { type: "tool-call", toolCallId: "c1", toolName: "look_up", input: { q: "span" } },
        ],
      },
      {
        role: "tool",
        content: [{
          type: "tool-result",
          toolCallId: "c1",
          output: { type: "text", value: "A piece of work." },
        }],
      },
      { role: "assistant", content: [{ type: "text", text: "A span." }] },
    ],
    tools: [{ type: "function", name: "look_up" }],
  },
};

for (const [dialect, body] of Object.entries(dialects)) {
  Deno.test(`a prompt is read as ${dialect} has it, without its picture`, () => {
    const { instructions, messages, tools } = readPrompt(body)!;
    assert.deepEqual(instructions, JSON.stringify(body).includes("Be brief.") ? [text("Be brief.")] : []);
    // what a result is wrapped in differs, and whose message it is
    const plain = messages.map(({ role, parts }) =>
      parts.some(({ type }) => type === "tool_call_response")
        ? {
          role: role === "user" ? "tool" : role,
          parts: parts.map((part) => ({ ...part, response: "A piece of work." })),
        }
        : { role, parts }
    );
    assert.deepEqual(plain, MESSAGES);
    assert.deepEqual(tools, ["look_up"]);
    const result = messages[2]!.parts[0]!;
    assert.ok(result.type === "tool_call_response" && result.response!.includes("A piece of work."));
    assert.equal(JSON.stringify(messages).includes(BASE64), false);
  });
}

Deno.test("a prompt of Responses has its calls beside its messages", () => {
  const prompt = readPrompt({
    instructions: "Be brief.",
    input: [
      {
        role: "user",
        content: [{ type: "input_text", text: "What is this?" }, { type: "input_image", image_url: BASE64 }],
      },
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }] },
      { type: "function_call", id: "fc_1", call_id: "c1", name: "look_up", arguments: '{"q":"span"}' },
      { type: "function_call_output", call_id: "c1", output: "A piece of work." },
      { type: "item_reference", id: "msg_1" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "A span." }] },
    ],
    tools: [{ type: "web_search" }, { type: "function", name: "look_up" }],
  });
  assert.deepEqual(prompt, {
    instructions: [text("Be brief.")],
    messages: [
      { role: "user", parts: [text("What is this?"), PICTURE] },
      { role: "assistant", parts: [{ type: "reasoning", content: "Hm." }] },
      { role: "assistant", parts: [CALL] },
      { role: "tool", parts: [RESULT] },
      { role: "assistant", parts: [text("A span.")] },
    ],
    tools: ["web_search", "look_up"],
  });
});

Deno.test("a prompt may be mere text, or a list of it", () => {
  const asked = (body: object) => readPrompt(body)?.messages;
  const question = { role: "user", parts: [text("What is a span?")] };
  assert.deepEqual(asked({ prompt: "What is a span?" }), [question]);
  assert.deepEqual(asked({ input: "What is a span?" }), [question]);
  assert.deepEqual(asked({ inputText: "What is a span?" }), [question]);
  assert.deepEqual(asked({ prompt: ["What is a span?", "What is a span?"] }), [question, question]);
  assert.deepEqual(asked({ input: { messages: [{ role: "user", content: "What is a span?" }] } }), [
    question,
  ]);
  assert.deepEqual(asked({ inputs: [{ type: "message.input", role: "user", content: "What is a span?" }] }), [
    question,
  ]);
});

Deno.test("what is no prompt is none, and nothing throws", () => {
  for (
    const body of [undefined, null, 1, "text", [], {}, { messages: 5 }, { messages: [null, 7, {}] }, {
      model: "x",
    }]
  ) {
    assert.equal(readPrompt(body), undefined, JSON.stringify(body));
  }
  const deep = JSON.parse(`${"[".repeat(500)}"deep"${"]".repeat(500)}`);
  assert.deepEqual(readPrompt({ messages: [{ role: "user", content: deep }] }), undefined);
});

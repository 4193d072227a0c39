/**
 * What a model is asked, from the JSON of whichever dialect: all have messages of roles and parts, under names that do
 * not collide.
 *
 * - OpenAI Chat, Responses and Completions, and those who copied them; Cohere, Ollama, Mistral
 * - Anthropic Messages
 * - Gemini
 * - Bedrock Converse, and the text models of Invoke
 * - the AI SDK's own protocol
 * - the GenAI conventions' own
 *
 * @module
 */

import type { Message, MessagePart, Prompt, TextPart } from "../types.ts";
import { asList, asObject, asText, type JsonObject } from "./json.ts";

/** Lists in lists beyond this are not looked into. */
const MAX_DEPTH = 8;

/** Reads what is asked; `undefined` where nothing is. */
export function readPrompt(json: unknown): Prompt | undefined {
  const body = asObject(json);
  if (body === undefined) return undefined;
  // Workers AI and Alibaba have it one level deeper
  const inner = asObject(body.input) ?? {};
  const instructions = instructionsOf({ ...inner, ...body });
  const messages = messagesOf(
    body.messages ?? inner.messages ?? body.contents ?? body.inputs ?? body.input ?? body.prompt ??
      body.inputText ?? body.message,
  );
  const tools = toolNames(body.tools ?? asObject(body.toolConfig)?.tools);
  return instructions.length + messages.length + tools.length === 0
    ? undefined
    : { instructions, messages, tools };
}

function instructionsOf(body: JsonObject): TextPart[] {
  const { system, instructions, systemInstruction, system_instruction, preamble } = body;
  return [system, instructions, systemInstruction, system_instruction, preamble]
    .flatMap((value) => partsOf(value)).filter((part): part is TextPart => part.type === "text");
}

function messagesOf(value: unknown): Message[] {
  const items = Array.isArray(value) ? value : [value];
  return items.map(messageOf).filter((message) =>
    message !== undefined && message.parts.length > 0
  ) as Message[];
}

/** A message; text alone is the user's. Some dialects have calls and their results beside the messages. */
function messageOf(item: unknown): Message | undefined {
  if (typeof item === "string") return { role: "user", parts: partsOf(item) };
  const message = asObject(item);
  if (message === undefined) return undefined;
  const id = asText(message.tool_call_id);
  const content = message.content ?? message.parts;
  const isResult = asText(message.role)?.toLowerCase() === "tool" && id !== undefined;
  const parts: MessagePart[] = isResult ? [{ type: "tool_call_response", id, response: textOf(content) }] : [
    ...partsOf(message.reasoning_content, "reasoning"),
    ...content === undefined ? partsOf(message) : partsOf(content),
    ...asList(message.tool_calls).flatMap((call) => partsOf(call)),
  ];
  return { role: roleOf(message, parts), parts };
}

/** Other words for the model. */
const ASSISTANTS: ReadonlySet<string> = new Set(["model", "chatbot", "assistant"]);

function roleOf({ role, type }: JsonObject, parts: readonly MessagePart[]): string {
  const word = asText(role)?.toLowerCase();
  if (word !== undefined) return ASSISTANTS.has(word) ? "assistant" : word;
  if (parts.some((part) => part.type === "tool_call_response")) return "tool";
  // Interactions and Conversations say it in the type: `model_output`, `message.output`
  const isAnswer = /output/.test(asText(type) ?? "") || parts.every(({ type }) => type !== "text");
  return isAnswer && parts.some(({ type }) => type !== "blob") ? "assistant" : "user";
}

function partsOf(value: unknown, type: TextPart["type"] = "text", depth = 0): MessagePart[] {
  if (typeof value === "string") return value === "" ? [] : [{ type, content: value }];
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item) => partsOf(item, type, depth + 1));
  const part = asObject(value);
  return part === undefined ? [] : partOf(part, type, depth);
}

function partOf(part: JsonObject, type: TextPart["type"], depth: number): MessagePart[] {
  const call = callOf(part) ?? resultOf(part);
  if (call !== undefined) return [call];
  const modality = modalityOf(part);
  if (modality !== undefined) return [{ type: "blob", modality, content: "" }];
  const thinks = part.thought === true || /thinking|reasoning|^thought/.test(asText(part.type) ?? "");
  const words = part.thinking ?? part.text ?? part.refusal ?? part.summary ?? part.reasoningContent ??
    part.reasoningText ?? part.parts ?? part.content;
  const isThought = thinks || part.reasoningContent !== undefined;
  return partsOf(words, isThought ? "reasoning" : part.refusal ? "refusal" : type, depth + 1);
}

/** A call of a tool: with its fields inside, as in Chat, Gemini and Converse, or as they are. */
function callOf(part: JsonObject): MessagePart | undefined {
  const inner = asObject(part.function) ?? asObject(part.functionCall) ?? asObject(part.toolUse);
  const isCall = /^(tool_use|tool[-_]call|(custom_tool|function)[_.]call)$/.test(asText(part.type) ?? "");
  const { name, toolName, args, input, arguments: given } = inner ?? (isCall ? part : {});
  const tool = asText(name) ?? asText(toolName);
  if (tool === undefined) return undefined;
  const id = asText(part.call_id) ?? asText(part.toolCallId) ?? asText(part.tool_call_id) ??
    asText(inner?.toolUseId) ?? asText(part.id) ?? asText(inner?.id);
  return { type: "tool_call", id, name: tool, arguments: textOf(given ?? args ?? input) };
}

/** What a tool came to, likewise. */
function resultOf(part: JsonObject): MessagePart | undefined {
  const inner = asObject(part.functionResponse) ?? asObject(part.toolResult);
  const isResult = /^(tool[-_]result|tool_call_response|\w+_call_output|function[_.]result)$/.test(
    asText(part.type) ?? "",
  );
  if (inner === undefined && !isResult) return undefined;
  const { output, content, response, result } = inner ?? part;
  const id = asText(part.tool_use_id) ?? asText(part.call_id) ?? asText(part.toolCallId) ??
    asText(part.tool_call_id) ?? asText(inner?.toolUseId) ?? asText(inner?.id) ?? asText(part.id);
  return { type: "tool_call_response", id, response: textOf(output ?? content ?? response ?? result) };
}

/** What a part has that is no text, by its type or by the key under which it is. */
function modalityOf(part: JsonObject): string | undefined {
  const type = asText(part.type);
  const data = asObject(part.inlineData ?? part.inline_data ?? part.fileData ?? part.file_data);
  const mime = asText(data?.mimeType) ?? asText(data?.mime_type) ?? asText(part.mediaType);
  const word = mime ?? (type === undefined || type === "text" ? Object.keys(part).join(" ") : type);
  const [found] = /image|audio|video|document|file/.exec(word) ?? [];
  if (found !== undefined) return found === "file" ? "document" : found;
  return data === undefined ? undefined : "document";
}

/** A value as text: the text in a list of parts, else JSON. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string" || value === undefined) return value;
  const parts = Array.isArray(value) ? partsOf(value) : [];
  if (parts.length === 0) return JSON.stringify(value);
  return parts.flatMap((part) => part.type === "text" ? part.content : []).join("\n");
}

function toolNames(tools: unknown): string[] {
  return asList(tools).flatMap((item) => {
    if (typeof item === "string") return item;
    const tool = asObject(item) ?? {};
    const inner = asObject(tool.function) ?? asObject(tool.toolSpec) ?? tool;
    const declared = asList(tool.functionDeclarations ?? tool.function_declarations).map(asObject);
    return [inner, ...declared].flatMap((one) => asText(one?.name) ?? asText(one?.type) ?? []);
  });
}

/** Words of one side: what is shown of captured content. */
export interface CapturedWords {
  /** Whose they are: `user`, `assistant`, `tool`, … */
  readonly role: string;
  /** The words; a call of a tool as `name(arguments)`. */
  readonly text: string;
}

/**
 * Captured messages as words, in any of the shapes in which they come: messages of parts and parts alone, as the GenAI
 * conventions have them, and LiveKit's chat items; `undefined` for anything else.
 */
export function capturedWords(value: unknown): readonly CapturedWords[] | undefined {
  const parsed = typeof value === "string" ? parse(value) : undefined;
  const items = Array.isArray(parsed) ? parsed : asObject(parsed)?.items;
  if (!Array.isArray(items) || items.length === 0) return undefined;
  const words = items.flatMap(wordsOf);
  return words.length > 0 ? words : undefined;
}

function wordsOf(item: unknown): CapturedWords[] {
  const { role, parts, content } = asObject(item) ?? {};
  if (typeof role !== "string") return [partWords("", item)];
  const pieces = Array.isArray(parts) ? parts : Array.isArray(content) ? content : [content];
  return pieces.map((piece) => partWords(role, piece));
}

function partWords(role: string, part: unknown): CapturedWords {
  const { type, content, name, output, response, modality, ...rest } = asObject(part) ?? {};
  if (typeof part === "string") return { role, text: part };
  if (type === "tool_call" || type === "function_call") {
    return { role: role || "assistant", text: `${String(name)}(${textOf(rest.arguments)})` };
  }
  if (type === "tool_call_response" || type === "function_call_output") {
    return { role: role || "tool", text: textOf(response ?? output) };
  }
  if (type === "blob") return { role, text: `[${String(modality)}]` };
  if (type === "function") return { role: "tool", text: String(name) };
  const spoken = type === undefined || type === "text" || type === "message";
  return { role: spoken ? role : `${role} ${String(type)}`.trim(), text: textOf(content) };
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Readonly<Record<string, unknown>>
    : undefined;
}

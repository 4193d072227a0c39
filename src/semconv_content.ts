/**
 * Attributes that hold content: words that were asked, answered, spoken and heard. None leaves unless it is wanted.
 *
 * - `gen_ai.*`: OpenTelemetry GenAI conventions 1.41, where they are opt-in.
 *   {@link https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-spans.md}
 * - `lk.pii.*` and the rest of `lk.*`: LiveKit Agents.
 *   {@link https://docs.livekit.io/agents/observability/}
 *
 * @module
 */

/** Attributes, keyed by what they mean. */
export const contentAttr = {
  /** string, JSON: instructions that stand apart from the messages, as parts. */
  systemInstructions: "gen_ai.system_instructions",
  /** string, JSON: messages of roles and parts. */
  inputMessages: "gen_ai.input.messages",
  /** string, JSON: the same of what was answered. */
  outputMessages: "gen_ai.output.messages",
  /** string, JSON: the tools that the model may call, without parameters. */
  toolDefinitions: "gen_ai.tool.definitions",
  /** string: arguments of a tool, JSON as a rule; on its span. */
  toolCallArguments: "gen_ai.tool.call.arguments",
  /** string: what the tool came to, JSON as a rule. */
  toolCallResult: "gen_ai.tool.call.result",
  /** string, JSON: what was asked, as LiveKit's chat context; on a node. */
  chatContext: "lk.pii.chat_ctx",
  /** string: what was answered; on nodes and turns. */
  responseText: "lk.pii.response.text",
  /** string, JSON: calls of tools that the model wants made; likewise. */
  responseCalls: "lk.pii.response.function_calls",
  /** string: text that was spoken. */
  inputText: "lk.pii.input_text",
  /** string: what the user was heard to say; on the user's turn, and on an upload. */
  userTranscript: "lk.pii.user_transcript",
  /** string: the same, on the turn that answers. */
  userInput: "lk.pii.user_input",
  /** string: LiveKit's name for {@linkcode attr.toolCallArguments}. */
  toolArguments: "lk.pii.function_tool.arguments",
  /** string: LiveKit's name for {@linkcode attr.toolCallResult}. */
  toolOutput: "lk.pii.function_tool.output",
  /** boolean: content was cut, as there was more than may be recorded; set when true. */
  contentTruncated: "teespan.content.truncated",
} as const;

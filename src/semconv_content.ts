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

/** string, JSON: instructions that stand apart from the messages, as parts. */
export const systemInstructions = "gen_ai.system_instructions";
/** string, JSON: messages of roles and parts. */
export const inputMessages = "gen_ai.input.messages";
/** string, JSON: the same of what was answered. */
export const outputMessages = "gen_ai.output.messages";
/** string, JSON: the tools that the model may call, without parameters. */
export const toolDefinitions = "gen_ai.tool.definitions";
/** string: arguments of a tool, JSON as a rule; on its span. */
export const toolCallArguments = "gen_ai.tool.call.arguments";
/** string: what the tool came to, JSON as a rule. */
export const toolCallResult = "gen_ai.tool.call.result";
/** string, JSON: what was asked, as LiveKit's chat context; on a node. */
export const chatContext = "lk.pii.chat_ctx";
/** string: what was answered; on nodes and turns. */
export const responseText = "lk.pii.response.text";
/** string, JSON: calls of tools that the model wants made; likewise. */
export const responseCalls = "lk.pii.response.function_calls";
/** string: text that was spoken. */
export const inputText = "lk.pii.input_text";
/** string: what the user was heard to say; on the user's turn, and on an upload. */
export const userTranscript = "lk.pii.user_transcript";
/** string: the same, on the turn that answers. */
export const userInput = "lk.pii.user_input";
/** string: LiveKit's name for {@linkcode toolCallArguments}. */
export const toolArguments = "lk.pii.function_tool.arguments";
/** string: LiveKit's name for {@linkcode toolCallResult}. */
export const toolOutput = "lk.pii.function_tool.output";
/** boolean: content was cut, as there was more than may be recorded; set when true. */
export const contentTruncated = "teespan.content.truncated";

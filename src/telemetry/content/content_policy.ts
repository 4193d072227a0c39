/**
 * Which content may leave, and in which shape. By default none does.
 *
 * @module
 */

/** What a text is, for whoever redacts it. */
export type ContentKind =
  | "instructions"
  | "input"
  | "output"
  | "speech"
  | "transcript"
  | "tool_arguments"
  | "tool_result";

/** Gives what may leave of a text; `undefined` for nothing. */
export type Redact = (text: string, kind: ContentKind) => string | undefined;

/** Which content is recorded: words that were asked, answered, spoken and heard. All off by default. */
export interface ContentOptions {
  /**
   * What models are asked and answer, and text that is to be spoken: `gen_ai.system_instructions`,
   * `gen_ai.input.messages`, `gen_ai.output.messages` and `gen_ai.tool.definitions` on attempts (JSON, in the shape of
   * the GenAI conventions), `lk.pii.chat_ctx`, `lk.pii.response.text` and `lk.pii.response.function_calls` on nodes and
   * turns, `lk.pii.input_text` on speech. What a user said and is put into a prompt is in there, too; what a realtime
   * model heard itself only with `transcripts`. Pictures, sound and files never are.
   *
   * @default with `startTelemetry()` what `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` says, else false
   */
  readonly prompts?: boolean | undefined;
  /**
   * What users were heard to say: `lk.pii.user_transcript` on their turns, `lk.pii.user_input` on the turn that answers;
   * with `prompts` also among the messages of the realtime model that answers.
   *
   * @default likewise
   */
  readonly transcripts?: boolean | undefined;
  /**
   * Arguments and results of tools, in prompts and answers, and on the spans of tools: `gen_ai.tool.call.arguments`,
   * `gen_ai.tool.call.result`, `lk.pii.function_tool.arguments`, `lk.pii.function_tool.output`.
   *
   * @default likewise
   */
  readonly toolArguments?: boolean | undefined;
  /**
   * Takes out what must not leave, from each text by itself. Where it throws, the text is left out.
   *
   * @default texts stay as they are
   */
  readonly redact?: Redact | undefined;
  /**
   * Characters (UTF-16 code units) that one attribute has of texts at most; of messages the newest are kept. What was
   * cut is marked with `teespan.content.truncated`.
   *
   * @default 16 384
   */
  readonly maxLength?: number | undefined;
}

const DEFAULT_MAX_LENGTH = 16_384;

/** The three that can be switched. */
const SWITCHES = ["prompts", "transcripts", "toolArguments"] as const;

/** Content that may leave. */
export class ContentPolicy {
  /** See {@linkcode ContentOptions}. */
  readonly prompts: boolean;
  /** See {@linkcode ContentOptions}. */
  readonly transcripts: boolean;
  /** See {@linkcode ContentOptions}. */
  readonly toolArguments: boolean;
  /** See {@linkcode ContentOptions}. */
  readonly maxLength: number;
  readonly #redact: Redact;
  readonly #onTrouble: (error: unknown) => void;

  /** A policy of those options. */
  constructor(options: ContentOptions, onTrouble: (error: unknown) => void) {
    const { prompts = false, transcripts = false, toolArguments = false } = options;
    const { redact = (text) => text, maxLength = DEFAULT_MAX_LENGTH } = options;
    this.prompts = prompts;
    this.transcripts = transcripts;
    this.toolArguments = toolArguments;
    this.maxLength = maxLength;
    this.#redact = redact;
    this.#onTrouble = onTrouble;
  }

  /** What may leave of a text. */
  redact(text: string, kind: ContentKind): string | undefined {
    try {
      const redacted: unknown = this.#redact(text, kind);
      return typeof redacted === "string" ? redacted : undefined;
    } catch (error) {
      this.#onTrouble(error);
      return undefined;
    }
  }
}

/** Whether options let anything leave. */
export function letsAnythingLeave(options: ContentOptions): boolean {
  return SWITCHES.some((name) => options[name]);
}

/** Options under which all content is recorded, but for what they switch off. */
export function contentUnlessSaid(options: ContentOptions | undefined): ContentOptions | undefined {
  if (typeof (options ?? {}) !== "object") return options; // whoever checks it will say so
  const { prompts = true, transcripts = true, toolArguments = true } = options ?? {};
  return { ...options, prompts, transcripts, toolArguments };
}

/**
 * Checks options.
 *
 * @throws {TypeError} when one has the wrong shape
 * @throws {RangeError} when the length is no positive integer
 */
export function checkContent(options: unknown): void {
  if (options === undefined) return;
  const faulty = (name: string, must: string, value: unknown): string =>
    `Cannot instrument as ${name} must be ${must}: current value is ${String(value)}`;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(faulty("content", "an object", options));
  }
  const { redact, maxLength, ...rest } = options as ContentOptions;
  for (const [name, value] of Object.entries(rest)) {
    if (!SWITCHES.some((known) => known === name)) {
      throw new TypeError(
        `Cannot instrument as content has no option ${name}: it has ${SWITCHES.join(", ")}`,
      );
    }
    if (value !== undefined && typeof value !== "boolean") {
      throw new TypeError(faulty(`content.${name}`, "a boolean", value));
    }
  }
  if (redact !== undefined && typeof redact !== "function") {
    throw new TypeError(faulty("content.redact", "a function", redact));
  }
  if (maxLength !== undefined && !(Number.isSafeInteger(maxLength) && maxLength > 0)) {
    throw new RangeError(faulty("content.maxLength", "a positive integer", maxLength));
  }
}

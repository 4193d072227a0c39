/**
 * The recording of content, for whoever wants it.
 *
 * @module
 */

import {
  checkContent,
  type ContentOptions,
  ContentPolicy,
  letsAnythingLeave,
} from "../telemetry/content/content_policy.ts";
import type { RecordContent } from "../telemetry/content/content_recorder.ts";
import { PolicyRecorder } from "../telemetry/content/policy_recorder.ts";
import { readPrompt } from "../wire/prompt.ts";

/**
 * Records content: for {@linkcode InstrumentOptions.recordContent}.
 *
 * @example What models are asked and answer, on the spans of a single instrument
 * ```ts
 * import { instrumentFetch, recordContent } from "@teespan/teespan/core";
 * import { openai } from "@teespan/teespan/providers/openai";
 *
 * const options = { providers: [openai], recordContent: recordContent({ prompts: true }) };
 * const fetch = instrumentFetch(globalThis.fetch, options);
 * console.log(typeof fetch);
 * ```
 *
 * @param options which content, and how it is redacted
 * @throws {TypeError} when an option has the wrong shape
 * @throws {RangeError} when the length is no positive integer
 */
export function recordContent(options: ContentOptions): RecordContent {
  checkContent(options);
  return (onTrouble) =>
    letsAnythingLeave(options)
      ? new PolicyRecorder(new ContentPolicy(options, onTrouble), readPrompt)
      : undefined;
}

/**
 * Nothing private leaves: every fixture is played with canaries where secrets travel, and what is exported is searched
 * for them, and for every text, tool argument and piece of audio that was asked or answered.
 */

import assert from "node:assert/strict";
import type { ContentOptions } from "../../mod.ts";
import { startReceiver } from "../../src/testing/mod.ts";
import { type FixtureFrame, httpFixtures, socketFixtures } from "../support/fixtures.ts";
import { CANARY, playHttp, playSocket } from "../support/play_fixture.ts";

/** Keys whose values say what was asked, answered, spoken or thought. */
const PRIVATE = new Set([
  "Content",
  "Display",
  "DisplayText",
  "Lexical",
  "Message",
  "Text",
  "Transcript",
  "arguments",
  "args",
  "audio",
  "audioContent",
  "content",
  "delta",
  "description",
  "detail",
  "details",
  "err_msg",
  "error_message",
  "error_msg",
  "full_transcript",
  "input",
  "instructions",
  "message",
  "newHandle",
  "output",
  "partial_json",
  "prompt",
  "reasoning",
  "reasoning_content",
  "refusal",
  "response",
  "ssml",
  "system",
  "systemPrompt",
  "system_prompt",
  "text",
  "thinking",
  "transcript",
  "utterance",
  "voice",
  "voice_id",
  "welcome_message",
  "warning",
  "word",
]);

/** Keys whose values are private, unless they are a single word: a code. */
const PRIVATE_SENTENCES = new Set(["error", "reason"]);

function isPrivateAt(key: string, value: unknown): boolean {
  if (PRIVATE_SENTENCES.has(key)) return typeof value === "string" && /\s/.test(value.trim());
  // the structure below `message` and its like has ids and models of its own
  return PRIVATE.has(key) && (typeof value === "string" || Array.isArray(value));
}

/** Strings of a JSON value that stand under private keys, long enough to be told from chance. */
function* privateTexts(value: unknown, isPrivate = false): Generator<string> {
  if (typeof value === "string") {
    if (isPrivate && value.trim().length > 6) yield value.trim();
  } else if (Array.isArray(value)) {
    for (const item of value) yield* privateTexts(item, isPrivate);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* privateTexts(item, isPrivateAt(key, item));
  }
}

/** JSON values in a body: its lines' data, its lines, or the whole. */
function jsonValues(body: Uint8Array): unknown[] {
  const text = new TextDecoder().decode(body);
  const pieces = [text, ...text.split(/\r?\n/).map((line) => line.replace(/^data: ?/, ""))];
  return pieces.flatMap((piece) => {
    try {
      return [JSON.parse(piece)];
    } catch {
      return [];
    }
  });
}

/** JSON values in frames that are more than JSON: below header lines, in bytes. */
function framedValues(frames: readonly FixtureFrame[]): unknown[] {
  return frames.flatMap((frame) => {
    if ("closed" in frame) return [];
    const content = "sent" in frame ? frame.sent : frame.received;
    if (typeof content === "string") return jsonValues(new TextEncoder().encode(content));
    if (!("base64" in content)) return [];
    const [json = ""] = /\{.*\}/s.exec(atob(content.base64)) ?? [];
    return jsonValues(new TextEncoder().encode(json));
  });
}

function assertPrivate(exported: string, texts: Iterable<string>): void {
  assert.match(exported, /_request_run|realtime_inference/, "nothing was exported");
  assert.equal(exported.includes(CANARY), false, "a canary was exported");
  for (const text of texts) assert.equal(exported.includes(text), false, `exported: ${text.slice(0, 80)}`);
}

/** Content that is not recorded, and content that is but whose every text is taken out. */
const WAYS: readonly [string, ContentOptions | undefined][] = [
  ["off", undefined],
  ["redacted", { prompts: true, transcripts: true, toolArguments: true, redact: () => undefined }],
];

for (const [way, content] of WAYS) {
  Deno.test(`no secret and no content leaves with a call over HTTP, read or cancelled; content ${way}`, async () => {
    for (const fixture of httpFixtures) {
      for (const ending of ["read", "cancel"] as const) {
        await using receiver = await startReceiver();
        await playHttp(fixture, { endpoint: receiver.url, content }, ending);
        const exported = receiver.requests.map(({ body }) => new TextDecoder().decode(body)).join("\n");
        const texts = [fixture.request.body, ...jsonValues(fixture.body)].flatMap((
          value,
        ) => [...privateTexts(value)]);
        try {
          assertPrivate(exported, texts);
        } catch (error) {
          throw new Error(`${fixture.provider}/${fixture.case}, ${ending}`, { cause: error });
        }
      }
    }
  });

  Deno.test(`no secret and no content leaves with a socket; content ${way}`, async () => {
    for (const fixture of socketFixtures) {
      await using receiver = await startReceiver();
      await playSocket(fixture, { endpoint: receiver.url, content });
      const exported = receiver.requests.map(({ body }) => new TextDecoder().decode(body)).join("\n");
      try {
        assertPrivate(exported, privateTexts([fixture.frames, ...framedValues(fixture.frames)]));
      } catch (error) {
        throw new Error(`${fixture.provider}/${fixture.case}`, { cause: error });
      }
    }
  });
}

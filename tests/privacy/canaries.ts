/** Canaries where secrets travel, and the texts of recordings that are private. */

import assert from "node:assert/strict";
import type { FixtureFrame } from "../support/fixtures.ts";

/** What must not leave. */
export const CANARY = "canary";

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
export function* privateTexts(value: unknown, isPrivate = false): Generator<string> {
  if (typeof value === "string") {
    if (isPrivate && value.trim().length > 6) yield value.trim();
  } else if (Array.isArray(value)) {
    for (const item of value) yield* privateTexts(item, isPrivate);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* privateTexts(item, isPrivateAt(key, item));
  }
}

/** JSON values in a body: its lines' data, its lines, or the whole. */
export function jsonValues(body: Uint8Array): unknown[] {
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
export function framedValues(frames: readonly FixtureFrame[]): unknown[] {
  return frames.flatMap((frame) => {
    if ("closed" in frame) return [];
    const content = "sent" in frame ? frame.sent : frame.received;
    if (typeof content === "string") return jsonValues(new TextEncoder().encode(content));
    if (!("base64" in content)) return [];
    const [json = ""] = /\{.*\}/s.exec(atob(content.base64)) ?? [];
    return jsonValues(new TextEncoder().encode(json));
  });
}

/** Where secrets travel. */
export const SECRET_HEADERS = {
  authorization: `Bearer ${CANARY}`,
  "x-api-key": CANARY,
  "api-key": CANARY,
  "xi-api-key": CANARY,
  "x-goog-api-key": CANARY,
  "ocp-apim-subscription-key": CANARY,
  "cf-aig-authorization": CANARY,
  cookie: CANARY,
};

/** The URL with secrets in its query, whatever they are called. */
export function withSecrets(url: string): string {
  const secret = new URL(url);
  for (const name of ["key", "api_key", "access_token", "token", "jwt_token", "authorization", "GroupId"]) {
    secret.searchParams.set(name, CANARY);
  }
  return secret.href;
}

/** Holds when something was exported, and nothing private. */
export function assertPrivate(exported: string, texts: Iterable<string>): void {
  assert.match(exported, /_request_run|realtime_inference/, "nothing was exported");
  assert.equal(exported.includes(CANARY), false, "a canary was exported");
  for (const text of texts) assert.equal(exported.includes(text), false, `exported: ${text.slice(0, 80)}`);
}

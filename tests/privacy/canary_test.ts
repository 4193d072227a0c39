/**
 * Nothing private leaves: every fixture is played with canaries where secrets travel, and what is exported is searched
 * for them, and for every text, tool argument and piece of audio that was asked or answered.
 */

import assert from "node:assert/strict";
import { startTelemetry, type WebSocketClass } from "../../mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import {
  type FixtureFrame,
  frameData,
  type HttpFixture,
  httpFixtures,
  type SocketFixture,
  socketFixtures,
} from "../support/fixtures.ts";

const CANARY = "canary";

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

const SECRET_HEADERS = {
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
function withSecrets(url: string): string {
  const secret = new URL(url);
  for (const name of ["key", "api_key", "access_token", "token", "jwt_token", "authorization", "GroupId"]) {
    secret.searchParams.set(name, CANARY);
  }
  return secret.href;
}

async function playHttp(fixture: HttpFixture, endpoint: string, ending: "read" | "cancel"): Promise<void> {
  const { request, response, body } = fixture;
  await using telemetry = startTelemetry({
    env: {},
    endpoint,
    register: false,
    exportIntervalMs: false,
    fetch: (() =>
      Promise.resolve(
        new Response(body.length > 0 ? body.slice() : null, {
          status: response.status,
          headers: { ...response.headers, "set-cookie": CANARY },
        }),
      )) as typeof fetch,
  });
  const answer = await telemetry.fetch(withSecrets(request.url), {
    method: request.method,
    headers: { ...SECRET_HEADERS, ...request.headers },
    body: typeof request.body === "string" ? request.body : JSON.stringify(request.body),
  });
  if (ending === "read") await answer.arrayBuffer();
  else await answer.body?.cancel(CANARY);
}

async function playSocket({ socket, frames }: SocketFixture, endpoint: string): Promise<void> {
  await using telemetry = startTelemetry({
    env: {},
    endpoint,
    register: false,
    exportIntervalMs: false,
    WebSocket: FakeWebSocket as unknown as WebSocketClass,
  });
  const fake = new telemetry.WebSocket(withSecrets(socket.url), [
    "token",
    CANARY,
  ]) as unknown as FakeWebSocket;
  fake.open();
  for (const frame of frames) playFrame(fake, frame);
  fake.shut(1011);
}

function playFrame(fake: FakeWebSocket, frame: FixtureFrame): void {
  if ("closed" in frame) fake.shut(frame.closed);
  else if ("sent" in frame) fake.send(dataOf(frame));
  else fake.receive(dataOf(frame));
}

function dataOf(frame: Parameters<typeof frameData>[0]): string | ArrayBuffer {
  const data = frameData(frame);
  return typeof data === "string" ? data : data.buffer;
}

function assertPrivate(exported: string, texts: Iterable<string>): void {
  assert.match(exported, /_request_run|realtime_inference/, "nothing was exported");
  assert.equal(exported.includes(CANARY), false, "a canary was exported");
  for (const text of texts) assert.equal(exported.includes(text), false, `exported: ${text.slice(0, 80)}`);
}

Deno.test("no secret and no content leaves with a call over HTTP, read or cancelled", async () => {
  for (const fixture of httpFixtures) {
    for (const ending of ["read", "cancel"] as const) {
      await using receiver = await startReceiver();
      await playHttp(fixture, receiver.url, ending);
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

Deno.test("no secret and no content leaves with a socket", async () => {
  for (const fixture of socketFixtures) {
    await using receiver = await startReceiver();
    await playSocket(fixture, receiver.url);
    const exported = receiver.requests.map(({ body }) => new TextDecoder().decode(body)).join("\n");
    try {
      assertPrivate(exported, privateTexts([fixture.frames, ...framedValues(fixture.frames)]));
    } catch (error) {
      throw new Error(`${fixture.provider}/${fixture.case}`, { cause: error });
    }
  }
});

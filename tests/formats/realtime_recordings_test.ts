/** Conversations with real providers that others recorded, read frame by frame. */

import assert from "node:assert/strict";
import { createSocketMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import type { Facts } from "../../src/types.ts";
import { type SocketRecording, socketRecordings } from "../support/recordings.ts";
import { type ConnectionRecord, recordSinks } from "../support/recording_sinks.ts";

/** Where the recordings are from: they keep no URL. */
const urls: readonly (readonly [name: RegExp, url: string])[] = [
  [
    /_azure_voice_live_ws/,
    "wss://acme.services.ai.azure.com/voice-live/realtime?api-version=2025-10-01&model=gpt-realtime",
  ],
  [/_azure_ws/, "wss://acme.openai.azure.com/openai/v1/realtime?model=gpt-realtime"],
  [/_openai_ws/, "wss://api.openai.com/v1/realtime?model=gpt-realtime"],
  [/_xai_ws/, "wss://api.x.ai/v1/realtime?model=grok-voice-latest"],
  [
    /_google_ws/,
    "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
  ],
  [
    /_gateway_ws/,
    "wss://us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
  ],
];

const match = createSocketMatcher(providers);
const isGoogle = ({ name }: SocketRecording): boolean => /_google_ws|_gateway_ws/.test(name);

/** Reads a recording; Google's frames are bytes. */
function read(recording: SocketRecording): ConnectionRecord {
  const [, address] = urls.find(([name]) => name.test(recording.name))!;
  const url = new URL(address);
  const { connection, sinks } = recordSinks();
  const reader = match(url)!.route.format.open({ url, headers: new Headers() }, sinks);
  for (const { direction, data } of recording.messages) {
    const text = JSON.stringify(data);
    const frame = isGoogle(recording) ? new TextEncoder().encode(text) : text;
    if (direction === "sent") reader.sent(text);
    else reader.received(frame);
  }
  return connection;
}

function test(name: string, recordings: readonly SocketRecording[], work: () => void): void {
  Deno.test({
    name,
    ignore: socketRecordings.length === 0,
    fn: () => (assert.ok(recordings.length > 0), work()),
  });
}

const openai = socketRecordings.filter((recording) => !isGoogle(recording));
const google = socketRecordings.filter(isGoogle);

test("recorded conversations of OpenAI's kind give ids, models and tokens as they truly are", openai, () => {
  for (const recording of openai) {
    const { name, truth } = recording;
    const { attempts, failure, turns, timed } = read(recording);
    assert.equal(failure, undefined, name);
    assert.equal(turns, undefined, name);
    assert.equal(timed, name.includes("_xai_") ? true : undefined, name);
    const ids = (wanted: string): string[] =>
      attempts.flatMap(({ requestIds }) => requestIds.filter(([, kind]) => kind === wanted)).map(([id]) =>
        id
      );
    assert.deepEqual(ids("response"), truth.response_ids, name);
    for (const id of truth.session_ids) assert.ok(ids("session").includes(id), name);
    attempts.forEach(({ facts, completed, outputs }, index) => {
      assert.equal(completed, true, name);
      assert.equal(facts.responseModel, truth.models[0], name);
      assert.deepEqual(facts.finishReasons, [truth.response_statuses[index]], name);
      assert.deepEqual(outputs.includes("audio"), name.includes("audio_out"), name);
      assert.ok(outputs.includes("text"), name);
      assertTokens(facts, truth.usage[index] ?? topUsage(recording), name);
    });
  }
});

test(
  "recorded conversations of Gemini's kind give models, tools and tokens as they truly are",
  google,
  () => {
    for (const recording of google) {
      const { name, truth } = recording;
      const { attempts, failure, turns } = read(recording);
      assert.equal(failure, undefined, name);
      assert.equal(turns, undefined, name);
      assert.equal(attempts.length, 1, name);
      const [{ facts, completed, outputs, requestIds, audioSeconds }] = attempts as [
        ConnectionRecord["attempts"][0],
      ];
      assert.equal(completed, true, name);
      assert.equal(facts.requestModel, truth.models[0]!.split("/").at(-1), name);
      assert.deepEqual(facts.toolCalls, name.includes("tool_call") ? ["record_reading"] : undefined, name);
      assert.ok(outputs.includes("audio") && outputs.includes("text"), name);
      assert.ok(audioSeconds! > 0, name);
      const [usage] = truth.usage;
      const counted = (details: typeof usage, modality: string): number | undefined =>
        details.find((one: typeof usage) => one.modality === modality)?.tokenCount;
      assert.equal(facts.inputTokens, usage.promptTokenCount, name);
      assert.equal(facts.reasoningOutputTokens, usage.thoughtsTokenCount, name);
      const response = usage.responseTokenCount ?? usage.candidatesTokenCount;
      assert.equal(facts.outputTokens, response + (usage.thoughtsTokenCount ?? 0), name);
      assert.equal(facts.textInputTokens, counted(usage.promptTokensDetails, "TEXT"), name);
      const details = usage.responseTokensDetails ?? usage.candidatesTokensDetails;
      assert.equal(facts.audioOutputTokens, counted(details, "AUDIO"), name);
      assert.equal(facts.textOutputTokens, counted(details, "TEXT"), name);
      // only Vertex names its sessions
      assert.equal(requestIds.length, name.includes("_gateway_") ? 1 : 0, name);
    }
  },
);

/** xAI's usage stands beside the response, where the truth did not look. */
function topUsage({ messages }: SocketRecording): unknown {
  return messages.map(({ data }) => data as { readonly type: string; readonly usage?: unknown })
    .find(({ type }) => type === "response.done")!.usage;
}

// deno-lint-ignore no-explicit-any -- the provider's own shape
function assertTokens(facts: Facts, usage: any, name: string): void {
  const { input_token_details: input, output_token_details: output } = usage;
  const expected: Facts = {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cachedInputTokens: input.cached_tokens,
    cachedTextInputTokens: input.cached_tokens_details?.text_tokens,
    cachedAudioInputTokens: input.cached_tokens_details?.audio_tokens,
    textInputTokens: input.text_tokens,
    audioInputTokens: input.audio_tokens,
    textOutputTokens: output.text_tokens,
    audioOutputTokens: output.audio_tokens,
    audioSeconds: usage.output_audio_seconds,
    billedSeconds: usage.billable_audio_seconds,
  };
  for (const [fact, value] of Object.entries(expected)) {
    assert.equal(facts[fact as keyof Facts], value, `${name}: ${fact}`);
  }
}

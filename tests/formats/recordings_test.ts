import assert from "node:assert/strict";
import { anthropicMessages } from "../../src/formats/anthropic_messages.ts";
import { openaiChat } from "../../src/formats/openai_chat.ts";
import { openaiCompletions } from "../../src/formats/openai_completions.ts";
import { openaiResponses } from "../../src/formats/openai_responses.ts";
import { createMatcher } from "../../src/match.ts";
import { bedrock, cohere, gemini, ollama, vertex } from "../../src/providers/mod.ts";
import type { Facts, HttpFormat, Provider } from "../../src/types.ts";
import { randomPieces } from "../support/cuts.ts";
import { type Recording, recordings, type Truth } from "../support/recordings.ts";
import { recordSink, type SinkRecord } from "../support/recording_sink.ts";

/** How a format is checked against the truth about a recording. */
interface Check {
  readonly format: (recording: Recording) => HttpFormat;
  readonly tokens: (usage: Truth["usage"]) => Facts;
}

const checks: Readonly<Record<string, Check>> = {
  "openai-chat": {
    format: ({ url }) => openaiChat({ outputExcludesReasoning: new URL(url).host === "api.x.ai" }),
    tokens: (usage) => ({
      inputTokens: usage.prompt_tokens,
      outputTokens: usage.completion_tokens,
      cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? usage.cached_tokens ??
        usage.prompt_cache_hit_tokens,
      audioInputTokens: usage.prompt_tokens_details?.audio_tokens,
      reasoningOutputTokens: usage.completion_tokens_details?.reasoning_tokens ?? usage.reasoning_tokens,
    }),
  },
  "openai-completions": {
    format: () => openaiCompletions(),
    tokens: (usage) => ({
      inputTokens: usage.prompt_tokens,
      outputTokens: usage.completion_tokens,
      cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? usage.cached_tokens,
    }),
  },
  "openai-responses": {
    format: () => openaiResponses(),
    tokens: (usage) => ({
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      cachedInputTokens: usage.input_tokens_details?.cached_tokens,
      cacheWriteInputTokens: usage.input_tokens_details?.cache_write_tokens,
      reasoningOutputTokens: usage.output_tokens_details?.reasoning_tokens,
    }),
  },
  "anthropic-messages": {
    format: (recording) => isVertex(recording) ? routed(vertex)(recording) : anthropicMessages(),
    tokens: (usage) => ({
      inputTokens: usage.input_tokens + (usage.cache_read_input_tokens ?? 0) +
        (usage.cache_creation_input_tokens ?? 0),
      outputTokens: usage.output_tokens,
      cachedInputTokens: usage.cache_read_input_tokens,
      cacheWriteInputTokens: usage.cache_creation_input_tokens,
    }),
  },
  "bedrock-converse": { format: routed(bedrock), tokens: converseTokens },
  "bedrock-converse-stream": { format: routed(bedrock), tokens: converseTokens },
  "bedrock-invoke": { format: routed(bedrock), tokens: invokeTokens },
  "bedrock-invoke-stream": { format: routed(bedrock), tokens: invokeTokens },
  "cohere-v2": {
    format: routed(cohere),
    tokens: (usage) => ({
      inputTokens: usage.tokens.input_tokens,
      outputTokens: usage.tokens.output_tokens,
      cachedInputTokens: usage.cached_tokens,
      reasoningOutputTokens: usage.tokens.reasoning_tokens,
    }),
  },
  "gemini": {
    format: routed(gemini, vertex),
    tokens: (usage) => ({
      inputTokens: usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0),
      // where nothing was produced there is no count
      outputTokens: usage.totalTokenCount - usage.promptTokenCount - (usage.toolUsePromptTokenCount ?? 0) ||
        undefined,
      cachedInputTokens: usage.cachedContentTokenCount,
      reasoningOutputTokens: usage.thoughtsTokenCount,
      audioInputTokens: modalityTokens(usage.promptTokensDetails, "AUDIO"),
      imageInputTokens: modalityTokens(usage.promptTokensDetails, "IMAGE"),
      textOutputTokens: modalityTokens(usage.candidatesTokensDetails, "TEXT", 1),
    }),
  },
  "gemini-interactions": {
    format: routed(gemini),
    tokens: (usage) => ({
      inputTokens: usage.total_input_tokens + usage.total_tool_use_tokens,
      outputTokens: usage.total_tokens - usage.total_input_tokens - usage.total_tool_use_tokens,
      cachedInputTokens: usage.total_cached_tokens,
      reasoningOutputTokens: usage.total_thought_tokens,
      textInputTokens: modalityTokens(usage.input_tokens_by_modality, "text"),
      imageInputTokens: modalityTokens(usage.input_tokens_by_modality, "image"),
    }),
  },
  "ollama": {
    format: routed(ollama),
    tokens: (usage) => ({ inputTokens: usage.prompt_eval_count, outputTokens: usage.eval_count }),
  },
};

/** Where the truth says otherwise than the bytes, the bytes win. */
const mistaken: Readonly<Record<string, readonly string[]>> = {
  "gemini/vercel__interactions-basic.json [0]": ["text"],
  // shortened: it has no finish reason
  "vertex/firebase__streaming-success-quotes-escaped.txt [0]": ["error"],
};

/** The format that the providers' rows have for the recording's URL. */
function routed(...providers: Provider[]): Check["format"] {
  const match = createMatcher(providers);
  return ({ method, url }) => match(method, new URL(url))!.route.format;
}

function isVertex({ url }: Recording): boolean {
  return new URL(url).host.endsWith("aiplatform.googleapis.com");
}

/** Modalities are words, or numbers where those were asked for. */
function modalityTokens(details: Truth["usage"], ...names: unknown[]): number | undefined {
  const own = details?.find((detail: Truth["usage"]) => names.includes(detail.modality));
  return own?.tokenCount ?? own?.tokens;
}

function converseTokens(usage: Truth["usage"]): Facts {
  const { cacheReadInputTokens, cacheWriteInputTokens } = usage;
  return {
    inputTokens: usage.totalTokens - usage.outputTokens,
    outputTokens: usage.outputTokens,
    cachedInputTokens: cacheReadInputTokens,
    cacheWriteInputTokens,
  };
}

/** The vendor's own numbers, or Bedrock's where it has none. */
function invokeTokens(usage: Truth["usage"]): Facts {
  const input = usage.input_tokens ?? usage.prompt_token_count ?? usage.inputTokenCount;
  return {
    inputTokens: input + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
    outputTokens: usage.output_tokens ?? usage.generation_token_count ?? usage.outputTokenCount,
    cachedInputTokens: usage.cache_read_input_tokens,
    cacheWriteInputTokens: usage.cache_creation_input_tokens,
  };
}

function readRecording(
  format: HttpFormat,
  { status, headers }: Recording,
  pieces: Iterable<Uint8Array>,
): SinkRecord {
  const { record, sink } = recordSink();
  const reader = format.read({ status, headers }, sink);
  for (const piece of pieces) reader.push(piece.slice());
  reader.end();
  return record;
}

function* arrivals({ body, chunkBytes }: Recording): Generator<readonly [string, Uint8Array[]]> {
  yield ["whole", [body]];
  if (chunkBytes !== undefined) yield ["as it arrived", [...cutAs(body, chunkBytes)]];
  for (let seed = 1; seed <= 5; seed++) yield [`random pieces, seed ${seed}`, randomPieces(body, seed)];
}

function* cutAs(body: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (const length of lengths) yield body.subarray(at, at += length);
  yield body.subarray(at);
}

function assertTrue({ tokens }: Check, record: SinkRecord, { name, truth, url }: Recording): void {
  const told = (what: string, truly: boolean): boolean => mistaken[name]?.includes(what) ? !truly : truly;
  const bodyIds = record.requestIds.filter(([, kind]) => kind === "response").map(([id]) => id);
  assert.deepEqual(bodyIds, (truth.response_ids ?? []).filter((id) => id !== ""), "ids");
  assert.equal(record.facts.responseModel, truth.models?.findLast((model) => model !== ""), "model");
  const finish = (truth.finish ??
    [truth.incomplete_reason ?? truth.block_reason ?? truth.response_status ?? null])
    .filter((entry) => entry !== null).filter((entry) => entry !== "in_progress")
    .map((entry) => typeof entry === "object" ? entry.reason : entry === 1 ? "STOP" : entry);
  assert.deepEqual(record.facts.finishReasons ?? [], finish, "finish reasons");
  const usage = truth.usage ?? truth.invocationMetrics;
  for (const [name, expected] of Object.entries(usage ? tokens(usage) : {})) {
    if (expected === undefined || expected === null) continue;
    const excluded = name === "outputTokens" && new URL(url).host === "api.x.ai"
      ? truth.usage.completion_tokens_details?.reasoning_tokens ?? 0
      : 0;
    assert.equal(record.facts[name as keyof Facts], expected + excluded, name);
  }
  assert.equal(
    record.outputs.includes("text"),
    told("text", truth.first_text_event !== undefined || hasText(truth)),
    "text",
  );
  assert.equal(
    record.outputs.includes("tool"),
    (truth.first_tool_event ?? -1) >= 0 || hasTools(truth),
    "tools",
  );
  assert.equal(record.failure !== undefined, told("error", truth.error !== undefined), "error");
}

/** Streams say at which event text began, documents only how long it was. */
function hasText(truth: Truth): boolean {
  return "text_len" in truth && Number(truth.text_len) > 0;
}

function hasTools(truth: Truth): boolean {
  return "tool_calls" in truth && (truth.tool_calls as unknown[]).length > 0;
}

for (const [name, check] of Object.entries(checks)) {
  const own = recordings.filter(({ truth }) => truth.format === name);
  Deno.test({
    name: `${name} gives the truth of every recording`,
    ignore: recordings.length === 0,
    fn() {
      assert.ok(own.length >= 5);
      const wrong: string[] = [];
      for (const recording of own) {
        for (const [cut, pieces] of arrivals(recording)) {
          try {
            assertTrue(check, readRecording(check.format(recording), recording, pieces), recording);
          } catch (error) {
            wrong.push(`${recording.name}, ${cut}: ${(error as Error).message}`);
            break;
          }
        }
      }
      assert.deepEqual(wrong, []);
    },
  });
}

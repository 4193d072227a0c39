/**
 * Usage, added up by provider and model. Plain sums; nothing is averaged and nothing has a price.
 *
 * @module
 */

import type { MetricsEvent } from "./metrics_events.ts";

/** What one model was used for. What was never reported is absent. */
export interface ModelUsage {
  /** What it does. */
  readonly operation: "llm" | "realtime" | "tts" | "stt";
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly provider: string;
  /** The model. */
  readonly model?: string | undefined;
  /** Attempts, failed ones among them. */
  readonly requests: number;
  /** Cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Those of them that came from a cache. */
  readonly inputCachedTokens?: number | undefined;
  /** Those of them that were written to a cache. */
  readonly inputCacheCreationTokens?: number | undefined;
  /** Those of them that were audio. */
  readonly inputAudioTokens?: number | undefined;
  /** Cached ones that were audio. */
  readonly inputCachedAudioTokens?: number | undefined;
  /** Those of them that were text. */
  readonly inputTextTokens?: number | undefined;
  /** Cached ones that were text. */
  readonly inputCachedTextTokens?: number | undefined;
  /** Those of them that were images. */
  readonly inputImageTokens?: number | undefined;
  /** Cached ones that were images. */
  readonly inputCachedImageTokens?: number | undefined;
  /** Reasoning included. */
  readonly outputTokens?: number | undefined;
  /** Those of them that were audio. */
  readonly outputAudioTokens?: number | undefined;
  /** Those of them that were text. */
  readonly outputTextTokens?: number | undefined;
  /** Those of them that were images. */
  readonly outputImageTokens?: number | undefined;
  /** Time of connections that are billed by it, in seconds. */
  readonly sessionDuration?: number | undefined;
  /** Characters that went to be spoken. */
  readonly charactersCount?: number | undefined;
  /** Audio that was spoken, or sent to be heard, in seconds. */
  readonly audioDuration?: number | undefined;
}

/** Sums of one kind of operation. */
export type UsageTotals = Omit<ModelUsage, "operation" | "provider" | "model">;

/** Usage as a whole. */
export interface UsageSummary {
  /** LLMs and realtime models. */
  readonly llm: UsageTotals;
  /** Speech. */
  readonly tts: UsageTotals;
  /** Recognition. */
  readonly stt: UsageTotals;
  /** A row for each operation, provider and model. */
  readonly models: readonly ModelUsage[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Row = Mutable<ModelUsage>;
type Figure = Exclude<keyof UsageTotals, "requests">;

/** Rows beyond this go into one without a model. */
const MAX_ROWS = 128;

/**
 * Adds up usage.
 *
 * @example The usage of a session
 * ```ts
 * import { createUsageCollector, type MetricsEvent } from "@teespan/teespan";
 *
 * const collector = createUsageCollector();
 * // session.on("metrics", (event) => collector.collect(event));
 * console.log(collector.summary().llm.outputTokens);
 * ```
 */
export interface UsageCollector {
  /** Adds what an event says. */
  collect(event: MetricsEvent): void;
  /** What it comes to so far. */
  summary(): UsageSummary;
}

/** Creates a collector, that begins with those rows. */
export function createUsageCollector(rows: readonly ModelUsage[] = []): UsageCollector {
  const byModel = new Map<string, Row>(rows.map((row) => [keyOf(row), { ...row }]));

  function rowOf(operation: Row["operation"], provider: string, model: string | undefined): Row {
    const key = keyOf({ operation, provider, model });
    const known = byModel.get(key);
    if (known !== undefined) return known;
    if (byModel.size >= MAX_ROWS && model !== undefined) return rowOf(operation, provider, undefined);
    const row: Row = { operation, provider, ...model !== undefined && { model }, requests: 0 };
    byModel.set(key, row);
    return row;
  }

  return {
    collect(event) {
      const used = figuresOf(event);
      if (used === undefined) return;
      const row = rowOf(used.operation, event.metadata.modelProvider, event.metadata.modelName);
      row.requests += used.requests;
      addFigures(row, used.figures);
    },
    summary: () => ({
      llm: totalOf(byModel, "llm", "realtime"),
      tts: totalOf(byModel, "tts"),
      stt: totalOf(byModel, "stt"),
      models: [...byModel.values()].map((row) => ({ ...row })),
    }),
  };
}

interface Used {
  readonly operation: Row["operation"];
  readonly requests: number;
  readonly figures: Partial<Record<Figure, number | undefined>>;
}

function figuresOf(event: MetricsEvent): Used | undefined {
  switch (event.type) {
    case "llm_metrics":
      return used("llm", {
        inputTokens: event.promptTokens,
        inputCachedTokens: event.promptCachedTokens,
        inputCacheCreationTokens: event.cacheCreationTokens,
        outputTokens: event.completionTokens,
      });
    case "tts_metrics": {
      const { inputTokens, outputTokens, charactersCount, audioDuration } = event;
      return used("tts", { inputTokens, outputTokens, charactersCount, audioDuration });
    }
    case "stt_metrics": {
      const { inputTokens, outputTokens, audioDuration, billedDuration } = event;
      return used("stt", { inputTokens, outputTokens, audioDuration: audioDuration ?? billedDuration });
    }
    case "realtime_model_metrics": {
      const { inputTokenDetails: input, outputTokenDetails: output, sessionDuration } = event;
      const cached = input?.cachedTokensDetails;
      return used("realtime", {
        sessionDuration,
        inputTokens: event.inputTokens,
        inputCachedTokens: input?.cachedTokens,
        inputAudioTokens: input?.audioTokens,
        inputTextTokens: input?.textTokens,
        inputImageTokens: input?.imageTokens,
        inputCachedAudioTokens: cached?.audioTokens,
        inputCachedTextTokens: cached?.textTokens,
        inputCachedImageTokens: cached?.imageTokens,
        outputTokens: event.outputTokens,
        outputAudioTokens: output?.audioTokens,
        outputTextTokens: output?.textTokens,
        outputImageTokens: output?.imageTokens,
      }, sessionDuration === undefined ? 1 : 0);
    }
  }
  return undefined;
}

function used(operation: Row["operation"], figures: Used["figures"], requests = 1): Used {
  return { operation, requests, figures };
}

function addFigures(row: Mutable<UsageTotals>, figures: Used["figures"]): void {
  for (const [figure, value] of Object.entries(figures) as [Figure, number | undefined][]) {
    if (value !== undefined) row[figure] = (row[figure] ?? 0) + value;
  }
}

function totalOf(rows: ReadonlyMap<string, Row>, ...operations: Row["operation"][]): UsageTotals {
  const total: Mutable<UsageTotals> = { requests: 0 };
  for (const { operation, provider: _, model: __, requests, ...figures } of rows.values()) {
    if (!operations.includes(operation)) continue;
    total.requests += requests;
    addFigures(total, figures);
  }
  return total;
}

function keyOf({ operation, provider, model }: Pick<ModelUsage, "operation" | "provider" | "model">): string {
  return JSON.stringify([operation, provider, model]);
}

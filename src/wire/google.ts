/**
 * What Google's formats have in common: how they count and name, and how they write durations.
 *
 * @module
 */

import type { Facts } from "../types.ts";
import { addCounts } from "./counts.ts";
import { asCount, asObject, asText } from "./json.ts";

/** By their numbers. */
const MODALITIES: readonly string[] = ["", "TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT"];

/** An enum's word. Who asks for numbers gets those; one that is not known stays a number. */
export function wordOf(value: unknown, words: readonly string[]): string | undefined {
  return typeof value === "number" ? asText(words[value] ?? String(value)) : asText(value);
}

/** Counts lists that say how many tokens are of which modality. */
export function countModalities(inputs: readonly unknown[], outputs: readonly unknown[]): Facts {
  return {
    textInputTokens: countModality(inputs, "TEXT"),
    audioInputTokens: countModality(inputs, "AUDIO"),
    imageInputTokens: countModality(inputs, "IMAGE"),
    textOutputTokens: countModality(outputs, "TEXT"),
    audioOutputTokens: countModality(outputs, "AUDIO"),
    imageOutputTokens: countModality(outputs, "IMAGE"),
  };
}

/** How many tokens are of a modality. */
export function countModality(details: readonly unknown[], modality: string): number | undefined {
  return details.map(asObject)
    .filter((detail) => wordOf(detail?.modality, MODALITIES)?.toUpperCase() === modality)
    .map((detail) => asCount(detail?.tokenCount ?? detail?.tokens))
    .reduce(addCounts, undefined);
}

/** A duration, `"15s"` or `"1.500s"`, in seconds. */
export function durationSeconds(duration: unknown): number | undefined {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(asText(duration) ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

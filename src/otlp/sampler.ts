/**
 * Which traces are kept.
 *
 * @module
 */

import { diag } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-web";

/**
 * The sampler that `OTEL_TRACES_SAMPLER` and its argument name; without a name all traces are kept and a parent's
 * decision stands. What cannot be understood is logged and ignored, as the specification asks.
 *
 * @see {@link https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration}
 */
export function samplerByName(name = "parentbased_always_on", argument?: string): Sampler {
  const based = name.startsWith("parentbased_");
  const root = rootSampler(based ? name.slice("parentbased_".length) : name, argument);
  if (root !== undefined && !based) return root;
  if (root === undefined) diag.warn(`teespan: OTEL_TRACES_SAMPLER "${name}" is not known and ignored`);
  return new ParentBasedSampler({ root: root ?? new AlwaysOnSampler() });
}

function rootSampler(name: string, argument: string | undefined): Sampler | undefined {
  if (name === "always_on") return new AlwaysOnSampler();
  if (name === "always_off") return new AlwaysOffSampler();
  if (name !== "traceidratio") return undefined;
  const ratio = argument === undefined ? 1 : Number(argument);
  if (isRatio(ratio)) return new TraceIdRatioBasedSampler(ratio);
  diag.warn(`teespan: OTEL_TRACES_SAMPLER_ARG "${argument}" is not between 0 and 1, all traces are kept`);
  return new AlwaysOnSampler();
}

/**
 * Keeps a share of traces; a parent's decision stands.
 *
 * @throws {RangeError} when `ratio` is not between 0 and 1
 */
export function samplerByRatio(ratio: number): Sampler {
  if (isRatio(ratio)) return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  throw new RangeError(
    `Cannot start telemetry as sampleRatio must be between 0 and 1: current value is ${ratio}`,
  );
}

function isRatio(value: number): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

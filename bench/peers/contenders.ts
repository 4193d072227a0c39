/**
 * Who is compared.
 *
 * @module
 */

import type { ConsumerName } from "./protocol.ts";

/** One that is compared. */
export interface Contender {
  /** Its name in the tables: that of its package. */
  readonly name: string;
  /** Its file below `ways/`. */
  readonly way: string;
  /** Who can read through it. */
  readonly consumers: readonly ConsumerName[];
  /** Where it is at home, if not on both. */
  readonly only?: "deno" | "node";
  /** Whether it reads ids or usage out of an answer. */
  readonly reads?: boolean;
  /** Whether it is switched on by the environment. */
  readonly fromEnvironment?: boolean;
  /** What is worth knowing of how it was set up. */
  readonly remark?: string;
}

/** Nothing between the caller and the provider: always the first. */
export const RAW: Contender = { name: "raw", way: "raw", consumers: ["openai", "fetch", "ai"] };

/** The same again: how far its ratio is from 1 says how far all others may be trusted. */
export const RAW_AGAIN: Contender = { ...RAW, name: "raw, once more" };

/** This library. */
export const TEESPAN: Contender = { name: "Teespan", way: "teespan", consumers: ["openai", "fetch", "ai"] };

/** All, in the order of the tables. */
export const contenders: readonly Contender[] = [
  RAW,
  RAW_AGAIN,
  TEESPAN,
  { name: "@traceloop/instrumentation-openai", way: "traceloop", consumers: ["openai"], reads: true },
  {
    name: "@arizeai/openinference-instrumentation-openai",
    way: "openinference",
    consumers: ["openai"],
    reads: true,
  },
  { name: "@langfuse/openai", way: "langfuse", consumers: ["openai"], reads: true },
  {
    name: "@opentelemetry/instrumentation-openai",
    way: "otel_openai",
    consumers: ["openai"],
    reads: true,
    only: "node",
    remark: "says that it supports `openai` below 7; its patch was applied to 7 by hand",
  },
  {
    name: "@opentelemetry/instrumentation-undici",
    way: "otel_undici",
    consumers: ["openai", "fetch"],
    only: "node",
  },
  {
    name: "@opentelemetry/instrumentation-fetch",
    way: "otel_fetch",
    consumers: ["openai", "fetch"],
    only: "node",
    remark: "is made for browsers, and loads in Node",
  },
  { name: "@vercel/otel", way: "vercel", consumers: ["openai", "fetch"] },
  { name: "@sentry/node", way: "sentry_node", consumers: ["openai", "fetch"], only: "node", reads: true },
  {
    name: "@sentry/deno",
    way: "sentry_deno",
    consumers: ["openai", "fetch"],
    only: "deno",
    remark: "traces no calls that go out",
  },
  {
    name: "Deno's own (OTEL_DENO)",
    way: "deno_otel",
    consumers: ["openai", "fetch"],
    only: "deno",
    fromEnvironment: true,
  },
  { name: "@ai-sdk/otel", way: "ai_otel", consumers: ["ai"] },
];

/** Those through which `consumer` can read on a platform. */
export function contendersOf(platform: string, consumer?: ConsumerName): Contender[] {
  const runtime = platform.startsWith("deno") ? "deno" : "node";
  return contenders.filter(({ only, consumers }) =>
    (only === undefined || only === runtime) && (consumer === undefined || consumers.includes(consumer))
  );
}

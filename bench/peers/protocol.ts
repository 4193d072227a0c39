/**
 * What the benchmark and its workers say to each other: types only.
 *
 * @module
 */

import type OpenAI from "openai";

/** Where things are. */
export interface Setting {
  /** The provider's. */
  readonly origin: string;
  /** The collector's. */
  readonly collector: string;
  /** The `fetch` whose answers come out of memory. */
  readonly memoryFetch?: typeof fetch;
}

/** A contender, started. What it leaves out is the platform's or the SDK's own. */
export interface Way {
  /** Makes the official client, traced. */
  openai?(Client: typeof OpenAI, options: ConstructorParameters<typeof OpenAI>[0]): OpenAI;
  /** Reads by plain `fetch`. */
  readonly fetch?: typeof fetch;
  /** Hears a burst over a socket; gives how many frames came. */
  hear?(url: string): Promise<{ readonly count: number }>;
  /** Options for the AI SDK's `streamText`. */
  readonly ai?: object;
  /** Sends what is left to send. */
  flush(): Promise<unknown>;
}

/** Who reads. */
export type ConsumerName = "openai" | "fetch" | "ai";

/** An answer on its way. */
export interface Answer {
  /** The next chunk. */
  next(): Promise<{ readonly done?: boolean | undefined }>;
  /** Breaks off, as leaving a loop does. */
  return(): Promise<unknown>;
  /** Aborts the call by its signal. */
  abort(): void;
}

/** Begins an answer. */
export type Consumer = (kind: string, id: string) => Promise<Answer>;

/** What a worker is asked for. */
export type Command =
  & { readonly consumer?: ConsumerName }
  & (
    | {
      readonly do: "read";
      readonly kind: string;
      readonly times?: number;
      readonly atOnce?: number;
      readonly id?: string;
    }
    | { readonly do: "open"; readonly kind: string; readonly count: number; readonly id?: string }
    | { readonly do: "end"; readonly how: "break" | "abort" | "end" }
    | { readonly do: "cancel"; readonly kind: string; readonly id: string }
    | { readonly do: "socket"; readonly path: string }
    | { readonly do: "heap" | "import" | "flush" }
  );

/** What became of it. */
export interface Result {
  /** Wall time. */
  readonly ms: number;
  /** CPU time of the worker, all its threads. */
  readonly cpuMs: number;
  /** Chunks, frames, bytes: what was asked for. */
  readonly count?: number;
  /** For each call when its first chunk came; for a cancel when it was seen, or -1. */
  readonly firstMs?: readonly number[];
  /** Rejections that nobody handled, since the worker began. */
  readonly rejections?: number;
  /** What it failed of. */
  readonly error?: string;
}

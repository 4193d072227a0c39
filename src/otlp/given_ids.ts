/**
 * Random ids, but for a span that goes on from another isolate.
 *
 * @module
 */

import { type IdGenerator, RandomIdGenerator } from "@opentelemetry/sdk-trace-web";

/** The ids of a span. */
export interface SpanIds {
  /** Of its trace. */
  readonly traceId: string;
  /** Its own. */
  readonly spanId: string;
}

/** Gives random ids unless some are given. */
export class GivenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #given: SpanIds | undefined;

  /** A span that `start` starts gets these ids. */
  give<T>(ids: SpanIds, start: () => T): T {
    this.#given = ids;
    try {
      return start();
    } finally {
      this.#given = undefined;
    }
  }

  /** Of a span without a parent. */
  generateTraceId = (): string => this.#given?.traceId ?? this.#random.generateTraceId();

  /** Of any span. */
  generateSpanId = (): string => this.#given?.spanId ?? this.#random.generateSpanId();
}

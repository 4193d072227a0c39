/**
 * Telemetry in one call, with all that ships.
 *
 * @module
 */

import { type LiteOptions, startTelemetry as startLite, type Telemetry } from "./lite.ts";
import { recordContent } from "./instrument/record_content.ts";
import { asksForContent, lookUpIn } from "./otlp/env.ts";
import { exportMetrics } from "./otlp/metering.ts";
import { providers as builtin } from "./providers/mod.ts";
import { type ContentOptions, contentUnlessSaid } from "./telemetry/content/content_policy.ts";
import type { Provider, Route } from "./types.ts";
import { wellKnownRoutes } from "./well_known.ts";

/** What telemetry is started with: where spans go, and which calls leave one. */
export interface TelemetryOptions
  extends Omit<LiteOptions, "anyHost" | "exportMetrics" | "providers" | "recordContent"> {
  /**
   * The providers that are recognized; the first that fits wins.
   *
   * @default all that ship with the library
   */
  readonly providers?: readonly Provider[] | undefined;
  /**
   * Routes that are recognized on any host, which then is the provider's name.
   *
   * @default `wellKnownRoutes`
   */
  readonly anyHost?: readonly Route[] | undefined;
  /**
   * Which content is recorded on spans: words that were asked, answered, spoken and heard.
   *
   * @default what `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` says, else none
   */
  readonly content?: ContentOptions | undefined;
}

/**
 * Starts telemetry. Where spans go is said by the standard `OTEL_*` variables, or by options; without an endpoint
 * nothing is sent and nothing fails.
 *
 * @example An agent in three lines
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 *
 * const telemetry = startTelemetry({ serviceName: "my-agent" });
 * // const openai = new OpenAI({ fetch: telemetry.fetch });
 * await telemetry.shutdown();
 * ```
 *
 * @param options see {@linkcode TelemetryOptions}
 * @returns a handle that ends with `shutdown()` or `await using`
 * @throws {TypeError} when an option has the wrong shape
 * @throws {RangeError} when a number is out of bounds
 */
export function startTelemetry(options: TelemetryOptions = {}): Telemetry {
  const { providers = builtin, anyHost = wellKnownRoutes } = options;
  const content = asksForContent(lookUpIn(options.env))
    ? contentUnlessSaid(options.content)
    : options.content;
  return startLite({
    ...options,
    providers,
    anyHost,
    exportMetrics,
    recordContent: recordContent(content ?? {}),
  });
}

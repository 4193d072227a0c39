/**
 * The types that the signatures of telemetry in one call are written in, as far as they are of this library.
 *
 * @module
 */

export type * from "./core_types.ts";
export type { ExplainedRoute, ExplainOptions, UrlExplanation } from "./explain_url.ts";
export type { FlushResult } from "./flush.ts";
export type { LiteOptions, Telemetry, TelemetryStats } from "./lite.ts";
export type { Temporality } from "./otlp/env.ts";
export type { Providers } from "./otlp/globals.ts";
export type { HeaderSource, RequestHeaders } from "./otlp/headers.ts";
export type { StartMetering } from "./otlp/metering.ts";
export type { ExportOptions, ResourceValue } from "./otlp/settings.ts";
export type { AnswerOptions, RequestOptions, RequestTelemetry, TelemetryViews } from "./request.ts";
export type { TelemetryOptions } from "./start.ts";
export type { TelemetryView } from "./view.ts";

/**
 * LiveKit Cloud's observability, as LiveKit's own agents send to it.
 *
 * @see {@link https://github.com/livekit/agents/blob/main/livekit-agents/livekit/agents/telemetry/traces.py}
 * @see {@link https://github.com/livekit/node-sdks/blob/main/packages/livekit-server-sdk/src/AccessToken.ts}
 * @module
 */

import { SignJWT } from "jose";
import type { HeaderSource, RequestHeaders } from "../headers.ts";
import { type Preset, type PresetOptions, requireValues, trimSlashes, valueFinder } from "./preset.ts";

/** Which project of LiveKit Cloud. */
export interface LiveKitCloudOptions extends PresetOptions {
  /**
   * An API key of the project.
   *
   * @default `LIVEKIT_API_KEY`
   */
  readonly apiKey?: string | undefined;
  /**
   * The secret of that key.
   *
   * @default `LIVEKIT_API_SECRET`
   */
  readonly apiSecret?: string | undefined;
  /**
   * The project's address, such as `wss://my-agent.livekit.cloud`.
   *
   * @default `LIVEKIT_OBSERVABILITY_URL`, else `LIVEKIT_URL` where that is one of LiveKit Cloud
   */
  readonly url?: string | undefined;
  /**
   * Tells the time by which tokens expire, in milliseconds since the Unix epoch.
   *
   * @default the platform's
   */
  readonly clock?: { now(): number } | undefined;
}

/** How long a token is good for, seconds. */
const LIFETIME_SECONDS = 6 * 60 * 60;

/** How long before its end a token is renewed, ms. */
const RENEWAL_MS = 5 * 60 * 1000;

/**
 * Sends traces and metrics to LiveKit Cloud, with tokens of six hours that are renewed five minutes before.
 *
 * LiveKit finds a conversation by the attributes `room_id` and `job_id`, which its own agents put on every span: give
 * them as `resourceAttributes` and as `attributes` of the session.
 *
 * @example A job's telemetry
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 * import { livekitCloud } from "@teespan/teespan/presets";
 *
 * const backend = livekitCloud({
 *   url: "wss://my-agent.livekit.cloud",
 *   apiKey: "API…",
 *   apiSecret: "…",
 * });
 * await using telemetry = startTelemetry({
 *   ...backend,
 *   serviceName: "livekit-agents",
 *   resourceAttributes: { room_id: "RM_…", job_id: "AJ_…" },
 * });
 * ```
 *
 * @param options key, secret and address, where they are not in the environment
 * @returns options for `startTelemetry()`
 * @throws {TypeError} when one of them is missing
 */
export function livekitCloud(options: LiveKitCloudOptions = {}): Preset {
  const find = valueFinder(options);
  const observability = "LIVEKIT_OBSERVABILITY_URL";
  const { apiKey, apiSecret, url } = requireValues("LiveKit Cloud", options, {
    apiKey: [options.apiKey, "LIVEKIT_API_KEY"],
    apiSecret: [options.apiSecret, "LIVEKIT_API_SECRET"],
    url: [find([options.url, observability]) ?? cloudUrl(find([undefined, "LIVEKIT_URL"])), observability],
  });
  const base = `${trimSlashes(url.replace(/^ws/, "http"))}/observability`;
  return {
    tracesEndpoint: `${base}/traces/otlp/v0`,
    metricsEndpoint: `${base}/metrics/otlp/v0`,
    headersFromEnv: false,
    headers: tokenHeaders(apiKey, apiSecret, options.clock ?? Date),
    compression: "gzip",
    temporality: "delta",
  };
}

/** Headers with a token, made when they are first asked for and again when its end is near. */
function tokenHeaders(apiKey: string, apiSecret: string, clock: { now(): number }): HeaderSource {
  const secret = new TextEncoder().encode(apiSecret);
  let headers: RequestHeaders = {};
  let renewAt = -Infinity;

  // exports that meet here each make one: on Workers, requests must not wait for each other's promises
  async function renew(now: number): Promise<RequestHeaders> {
    const issuedAt = Math.floor(now / 1000);
    const token = await new SignJWT({ observability: { write: true } })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(apiKey)
      .setSubject("teespan")
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(secret);
    renewAt = (issuedAt + LIFETIME_SECONDS) * 1000 - RENEWAL_MS;
    return headers = { authorization: `Bearer ${token}` };
  }

  return () => {
    const now = clock.now();
    return now < renewAt ? headers : renew(now);
  };
}

/** Where a project of LiveKit Cloud takes telemetry; nothing for a server of one's own. */
function cloudUrl(livekitUrl: string | undefined): string | undefined {
  const host = livekitUrl === undefined || !URL.canParse(livekitUrl) ? "" : new URL(livekitUrl).hostname;
  return /\.livekit\.(?:cloud|run)$/.test(host) ? `https://${host}` : undefined;
}

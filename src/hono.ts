/**
 * Middleware for Hono, on every runtime that Hono runs on.
 *
 * @example A span for each request, and for each call to a provider below it
 * ```ts
 * import { agentTelemetry } from "@teespan/teespan/hono";
 * import { Hono } from "hono";
 *
 * const app = new Hono().use(agentTelemetry({ serviceName: "my-agent" }));
 * app.post("/chat/:id", async (c) => {
 *   const answer = await c.var.telemetry.fetch("https://api.openai.com/v1/responses", {
 *     method: "POST",
 *     body: await c.req.text(),
 *   });
 *   return new Response(answer.body, answer); // the request's span ends when this does
 * });
 * ```
 *
 * @module
 */

import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { resolveExport } from "./otlp/settings.ts";
import type { RequestTelemetry } from "./request.ts";
import { sharedTelemetry, variablesIn } from "./shared.ts";
import type { Telemetry } from "./lite.ts";
import { startTelemetry, type TelemetryOptions } from "./start.ts";

export type * from "./telemetry_types.ts";

/** What the middleware puts into `c.var`. */
export interface AgentTelemetryVariables {
  /** Telemetry as seen from this request. */
  readonly telemetry: RequestTelemetry;
}

/** What the middleware tells Hono's types. */
export interface AgentTelemetryEnv {
  /** For `c.var` and `c.get()`. */
  Variables: AgentTelemetryVariables;
}

/** Telemetry's options, or what makes them from the bindings that a platform hands over. */
export type AgentTelemetryOptions<Bindings extends object = Record<string, unknown>> =
  | TelemetryOptions
  | ((env: Bindings) => TelemetryOptions);

/**
 * Makes a middleware that gives each request a SERVER span, named by its route, as a child of what its `traceparent`
 * says. The span stays open until the response's body ends, is cancelled or fails; then all is sent, through
 * `executionCtx.waitUntil` where there is one, and never in the response's way.
 *
 * Telemetry is started by the first request, once for the isolate. `OTEL_*` variables are read from `c.env` where
 * it has some, else from the process.
 *
 * @example Options from the bindings of a Worker
 * ```ts
 * import { agentTelemetry } from "@teespan/teespan/hono";
 * import { Hono } from "hono";
 *
 * interface Bindings {
 *   readonly COLLECTOR: string;
 * }
 *
 * const app = new Hono<{ Bindings: Bindings }>()
 *   .use(agentTelemetry((env: Bindings) => ({ serviceName: "my-agent", endpoint: env.COLLECTOR })))
 *   .get("/", (c) => c.text(c.var.telemetry.span.spanContext().traceId));
 * ```
 *
 * @param options as of `startTelemetry()`, or a function that makes them from `c.env`
 * @returns the middleware; first in the chain it sees what the others do
 * @throws {TypeError} when an option has the wrong shape
 * @throws {RangeError} when a number is out of bounds
 */
export function agentTelemetry<Bindings extends object = Record<string, unknown>>(
  options: AgentTelemetryOptions<Bindings> = {},
): MiddlewareHandler<AgentTelemetryEnv> {
  // mistakes show at once, although nothing starts before the first request
  if (typeof options !== "function") resolveExport({ ...options, env: {} });
  const find = telemetryFinder(options as AgentTelemetryOptions);

  return async function agentTelemetry(c, next) {
    const telemetry = find(c.env);
    const request = telemetry.startRequest(c.req.raw, { waitUntil: waitUntilOf(c) });
    c.set("telemetry", request);
    try {
      await request.run(next);
    } catch (error) {
      request.fail(error);
      throw error;
    }
    const watched = request.respond(c.res, { route: routeOf(c), error: c.error });
    if (watched !== c.res) c.res = watched;
  };
}

/** Finds the telemetry for what a platform hands over as `env`. */
function telemetryFinder(options: AgentTelemetryOptions): (env: unknown) => Telemetry {
  const maker = typeof options === "function" ? options : undefined;
  const found = new WeakMap<object, Telemetry>();
  let withoutEnv: Telemetry | undefined;
  let idle: Telemetry | undefined;

  function start(env: object): Telemetry {
    try {
      const given = typeof options === "function" ? options(env as Record<string, unknown>) : options;
      return sharedTelemetry({ env: variablesIn(env), ...given }, maker);
    } catch (error) {
      // a mistake in a variable must not take the agent down, but must be seen
      if (idle === undefined) console.error("teespan: telemetry stays off, as it cannot be started:", error);
      return idle ??= startTelemetry({ env: { OTEL_SDK_DISABLED: "true" } });
    }
  }

  return (env) => {
    const bindings = Object(env) as object;
    // Deno and Node hand over a new object with each request, without variables
    if (maker === undefined && variablesIn(bindings) === undefined) return withoutEnv ??= start({});
    const telemetry = found.get(bindings) ?? start(bindings);
    found.set(bindings, telemetry);
    return telemetry;
  };
}

/** What of Hono's context is looked at, whichever copy of Hono made it. */
type AnyContext = HonoContext<AgentTelemetryEnv>;

/** That of Workers and whoever hands over the same; other platforms have none, and Hono then throws. */
function waitUntilOf(c: AnyContext): ((work: Promise<unknown>) => void) | undefined {
  try {
    const { executionCtx } = c;
    return typeof executionCtx?.waitUntil === "function" ? (work) => executionCtx.waitUntil(work) : undefined;
  } catch {
    return undefined;
  }
}

/** The pattern of the route that answered; the last that ran. Nothing for a path that only middleware fits. */
function routeOf(c: AnyContext): string | undefined {
  const { matchedRoutes = [], routeIndex } = c.req;
  const { path, method } = matchedRoutes[routeIndex] ?? {};
  return c.res.status === 404 && method === "ALL" && path?.endsWith("*") ? undefined : path;
}

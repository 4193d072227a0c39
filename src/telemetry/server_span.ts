/**
 * The span of a request that is served, from its arrival to the end of its response's body.
 *
 * @module
 */

import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import * as attr from "../semconv_attributes.ts";
import type { HeaderLookup } from "../types.ts";
import type { Outcome } from "./attempt/attempt_state.ts";
import { clockIn, withClock } from "./clock.ts";
import { hasLocalSpan } from "./propagation.ts";
import type { AttemptScope } from "./scope.ts";
import { NO_SPAN, ROOT_CONTEXT } from "./scope_in.ts";
import { scrubQuery } from "./scrub.ts";

/** What is seen of a request. */
export interface ServedRequest {
  /** HTTP method. */
  readonly method: string;
  /** Where it came to. */
  readonly url: string;
  /** Its headers. */
  readonly headers: HeaderLookup;
}

/** What is known of the answer. */
export interface ServedAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The pattern that the path fits: `/chat/:id`. */
  readonly route?: string | undefined;
  /** What the handler threw, if the answer tells of that. */
  readonly error?: unknown;
}

/** The span of a request. Ends once. */
export interface ServerSpan {
  /** The span. */
  readonly span: Span;
  /** Its context. */
  readonly context: Context;
  /** The response's headers are there. */
  answer(answer: ServedAnswer): void;
  /** Its body ended, or there is none; with what went wrong, if something did. */
  end(outcome: Outcome, error?: unknown): void;
}

/** That of a request whose span could not be made. */
export const NO_SERVER_SPAN: ServerSpan = {
  span: NO_SPAN,
  context: ROOT_CONTEXT,
  answer() {},
  end() {},
};

/** The methods of which the convention knows. */
const METHODS = new Set([
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "QUERY",
  "TRACE",
]);

/**
 * Starts the span of a request.
 *
 * @param parent its parent: a span of this process, whose part it then is, or the caller's
 */
export function openServerSpan(scope: AttemptScope, request: ServedRequest, parent: Context): ServerSpan {
  const method = METHODS.has(request.method) ? request.method : "HTTP";
  const clock = clockIn(parent, scope.clock);
  const span = scope.tracer.startSpan(method, {
    // beside an instrumentation that has one already (`@hono/otel`, Deno's own): a request is served once
    kind: hasLocalSpan(parent) ? SpanKind.INTERNAL : SpanKind.SERVER,
    startTime: clock.now(),
    attributes: requestAttributes(request),
  }, parent);
  let ended = false;
  return {
    span,
    context: withClock(trace.setSpan(parent, span), clock),
    answer({ status, route, error }) {
      span.setAttribute(attr.httpStatus, status);
      if (route) {
        span.setAttribute(attr.httpRoute, route);
        span.updateName(`${method} ${route}`);
      }
      if (status >= 500) fail(span, error === undefined ? String(status) : nameOf(error));
    },
    end(outcome, error) {
      if (ended) return;
      ended = true;
      if (outcome !== "success") span.setAttribute(attr.outcome, outcome);
      if (outcome === "error") fail(span, nameOf(error));
      span.end(clock.now());
    },
  };
}

function requestAttributes({ method, url: address, headers }: ServedRequest): Attributes {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const known = METHODS.has(method);
  return {
    [attr.httpMethod]: known ? method : "_OTHER",
    [attr.httpOriginalMethod]: known ? undefined : method,
    [attr.urlScheme]: url?.protocol.slice(0, -1),
    [attr.urlPath]: url?.pathname,
    [attr.urlQuery]: url && scrubQuery(url) || undefined,
    [attr.serverAddress]: url?.hostname,
    [attr.serverPort]: url?.port ? Number(url.port) : undefined,
    [attr.userAgent]: headers.get("user-agent") ?? undefined,
  };
}

function fail(span: Span, type: string): void {
  span.setAttribute(attr.errorType, type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

/** The class of what was thrown. Never its message: those quote prompts and keys. */
function nameOf(error: unknown): string {
  const { name } = Object(error) as { readonly name?: unknown };
  return typeof name === "string" && /^[A-Za-z]\w{0,63}$/.test(name) ? name : "Error";
}

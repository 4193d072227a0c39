import type { MiddlewareHandler } from "hono";
import { isLoopback } from "./options.ts";

/** Nothing comes from elsewhere, nothing goes elsewhere, and no text becomes markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
  "cache-control": "no-store",
};

/** Puts the headers on every answer that a browser may show. */
export const secureHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
};

/**
 * Refuses what a page of another site makes a browser ask: names that were made to mean this machine (DNS rebinding),
 * and requests that come from elsewhere.
 */
export function guardReads(loopback: boolean): MiddlewareHandler {
  return async (c, next) => {
    const host = hostOf(`http://${c.req.header("host") ?? ""}`);
    if (loopback && !isLoopback(host)) {
      return c.text(
        `The viewer answers to localhost and 127.0.0.1 only, not to ${JSON.stringify(host)}\n`,
        403,
      );
    }
    const site = c.req.header("sec-fetch-site") ?? "none";
    if (c.req.path.startsWith("/api/") && site !== "none" && site !== "same-origin") {
      return c.text("The viewer's data is for its own page only\n", 403);
    }
    await next();
  };
}

/**
 * Lets pages on this machine send telemetry, and no others. Agents send no `Origin`; browsers always do, so a page of
 * another site can fill the viewer with nothing, whatever name it reaches it by.
 */
export const guardWrites: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (origin === undefined) return await next();
  if (!isLoopback(hostOf(origin))) return c.text("Only pages on this machine may send telemetry here\n", 403);
  const cors: Readonly<Record<string, string>> = {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": c.req.header("access-control-request-headers") ?? "content-type",
    "access-control-max-age": "600",
    "vary": "Origin",
  };
  if (c.req.method === "OPTIONS") return c.body(null, 204, cors);
  await next();
  for (const [name, value] of Object.entries(cors)) c.res.headers.set(name, value);
};

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}

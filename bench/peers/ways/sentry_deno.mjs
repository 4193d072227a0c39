/** `@sentry/deno`, all calls traced. */
import * as Sentry from "@sentry/deno";
import { startSentry } from "./sentry_node.mjs";

export function start({ collector }) {
  return startSentry(Sentry, collector);
}

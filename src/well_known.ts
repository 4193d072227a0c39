/**
 * Routes that many servers have under the same path.
 *
 * @module
 */

import { chatRoute, messagesRoute, responsesRoute } from "./routes.ts";
import type { Route } from "./types.ts";

/** Chat Completions, Responses and Messages at their usual paths, for {@linkcode InstrumentOptions.anyHost}. */
export const wellKnownRoutes: readonly Route[] = [
  chatRoute({}, "/v1/chat/completions"),
  responsesRoute({}, "/v1/responses"),
  messagesRoute(),
];

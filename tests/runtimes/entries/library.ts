/** The library under test, as every runtime resolves it: the packed one, from `node_modules`. */

import { providers, startTelemetry } from "@teespan/teespan";
import { agentTelemetry } from "@teespan/teespan/hono";
import { Hono } from "hono";
import type { Library } from "../suite/world.ts";

/** The library under test. */
export const library: Library = {
  agentTelemetry,
  Hono,
  providers,
  startTelemetry,
};

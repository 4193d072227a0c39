/** The agent on Cloudflare Workers: a Worker holds the call, as long as its socket is open. */

import type { Hono } from "hono";
import { upgradeWebSocket } from "hono/cloudflare-workers";
import type { Keys } from "./call.ts";
import { createAgent } from "./worker.ts";

let agent: Hono | undefined;

export default {
  fetch(request: Request, env: Keys, context: Parameters<Hono["fetch"]>[2]): Response | Promise<Response> {
    agent ??= createAgent(env, { upgradeWebSocket });
    return agent.fetch(request, env, context);
  },
};

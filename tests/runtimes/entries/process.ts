/** The suite in a process of Node, Bun or Deno. Addresses are the first argument; results go out a line each. */

import assert from "node:assert/strict";
import process from "node:process";
import { cases } from "../suite/mod.ts";
import { runCase } from "../suite/world.ts";
import { library } from "./library.ts";

// Node 20 has none; users there take this one
globalThis.WebSocket ??= (await import("ws"))
  .WebSocket as unknown as typeof WebSocket;
// Bun has another name for it
const { Bun } = globalThis as { Bun?: { gc(now: boolean): void } };
if (Bun !== undefined) Object.assign(globalThis, { gc: () => Bun.gc(true) });

const addresses = JSON.parse(process.argv[2]!);
for (const item of cases) {
  const error = await runCase(item, library, assert, addresses);
  process.stdout.write(`${JSON.stringify({ name: item.name, error })}\n`);
}
process.exit();

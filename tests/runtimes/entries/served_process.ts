/** Serves the app in Deno, Bun or Node. Variables are the first argument as JSON; the port goes out. */

import process from "node:process";
import { createApp } from "./served_app.ts";

const { fetch } = createApp(JSON.parse(process.argv[2]!));
const { Deno, Bun } = globalThis as unknown as {
  readonly Deno?: { serve(options: object, handler: unknown): { readonly addr: { readonly port: number } } };
  readonly Bun?: { serve(options: object): { readonly port: number } };
};
const tell = (port: number): unknown => process.stdout.write(`${JSON.stringify({ port })}\n`);

if (Deno !== undefined) {
  tell(Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, fetch).addr.port);
} else if (Bun !== undefined) {
  tell(Bun.serve({ port: 0, hostname: "127.0.0.1", fetch }).port);
} else {
  const name = "@hono/node-server"; // of this folder: the project's import map knows nothing of it
  const { serve } = await import(name);
  serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }: { readonly port: number }) => tell(port));
}

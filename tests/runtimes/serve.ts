/**
 * Serves an example for another runtime on this machine, until it is stopped: `deno task cloudflare`, `deno task bun`,
 * `deno task vercel`. Keys of providers and `OTEL_*` come from the environment, as does `PORT`.
 */

import { FOLDER, installPacked } from "./host/install.ts";
import { servedExamples } from "./host/served_examples.ts";

const [name = ""] = Deno.args;
const prepare = servedExamples[name];
if (prepare === undefined) {
  throw new RangeError(
    `Cannot serve ${name || "nothing"} as it must be one of ${Object.keys(servedExamples).join(", ")}`,
  );
}
await installPacked();
const { program, args, env } = await prepare(Deno.env.toObject());
const served = new Deno.Command(program, { args: [...args], cwd: FOLDER, env, stdin: "null" }).spawn();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => served.kill("SIGTERM"));
}
Deno.exit((await served.status).code);

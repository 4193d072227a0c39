/** Serves a program of `tests/programs/` by `deno serve`. */

import { fileURLToPath } from "node:url";

/** A program that is served. */
export interface ServedProgram extends AsyncDisposable {
  /** Where, with a slash at its end. */
  readonly url: string;
}

/** Serves `tests/programs/<name>.ts` on a free port. */
export async function serveProgram(
  name: string,
  { flags, env }: { readonly flags: readonly string[]; readonly env: Record<string, string> },
): Promise<ServedProgram> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "serve",
      "--frozen",
      "--no-prompt",
      "--port=0",
      "--host=127.0.0.1",
      ...flags,
      `tests/programs/${name}.ts`,
    ],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { NO_COLOR: "1", ...env },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  let address: RegExpExecArray | null = null;
  while (address === null) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`${name} ended: ${said}`);
    said += value;
    address = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
  }
  return {
    url: address[0],
    async [Symbol.asyncDispose]() {
      await reader.cancel();
      child.kill();
      await child.status;
    },
  };
}

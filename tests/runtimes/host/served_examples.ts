/** How the examples for other runtimes are served on this machine: bundled from where they lie, run by what npm has. */

import { bundle } from "./bundle.ts";
import { binaries, FOLDER } from "./install.ts";
import { WORKER_CONDITIONS } from "./runtimes.ts";

/** Variables, as a process has them. */
export type Variables = Readonly<Record<string, string>>;

/** A program that serves an example, and says where. */
export interface ServedExample {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Variables;
}

/** By the names of their tasks. With `EMULATOR_URL` among the variables, calls of providers go there. */
export const servedExamples: Readonly<Record<string, (variables: Variables) => Promise<ServedExample>>> = {
  async bun(variables) {
    const script = await bundle({ entry: "examples/bun_agent/server.ts", platform: "node" });
    const redirect = variables.EMULATOR_URL ? ["--preload=./entries/preload_bun.mjs"] : [];
    return { program: binaries.bun, args: ["run", ...redirect, script], env: variables };
  },
  async vercel(variables) {
    const script = await bundle({
      entry: "vercel_function.ts",
      conditions: ["edge-light", "worker", "browser"],
      format: "iife",
    });
    return inNode("edge_runtime_server.mjs", script, { bindings: ownOf(variables) }, variables);
  },
  cloudflare: (variables) => {
    const { EMULATOR_URL, EMULATOR_SOCKETS_URL } = variables;
    return inMiniflare({
      folder: "cloudflare_voice_agent",
      variables,
      emulators: EMULATOR_URL === undefined ? undefined : {
        "api.openai.com": EMULATOR_URL,
        "api.cartesia.ai": EMULATOR_SOCKETS_URL ?? "",
      },
    });
  },
};

/** A Worker among the examples. */
export interface ExampleWorker {
  /** The folder that its `wrangler.toml` is in. */
  readonly folder: string;
  /**
   * What is served in its place.
   *
   * @default the `main` of its configuration
   */
  readonly entry?: string;
  readonly variables: Variables;
  /** Where calls go instead, by host. */
  readonly emulators?: Variables | undefined;
}

/** Serves a Worker in Miniflare, which is what `wrangler dev` runs. */
export async function inMiniflare(
  { folder, entry, variables, emulators }: ExampleWorker,
): Promise<ServedExample> {
  const toml = await Deno.readTextFile(`${FOLDER}../../examples/${folder}/wrangler.toml`);
  // the values there, texts and lists of texts, are written as in JSON
  const setting = (name: string) => JSON.parse(new RegExp(`^${name} = (.*)$`, "m").exec(toml)![1]!);
  const [, binding] = /^\[\[durable_objects\.bindings\]\]\s+name = "(.*)"/m.exec(toml) ?? [];
  const script = await bundle({
    entry: entry ?? `examples/${folder}/${setting("main")}`,
    conditions: WORKER_CONDITIONS,
  });
  const options = {
    compatibilityDate: setting("compatibility_date"),
    compatibilityFlags: setting("compatibility_flags"),
    durableObjects: binding && { [binding]: { className: setting("class_name"), useSQLite: true } },
    bindings: ownOf(variables),
    emulators,
  };
  return inNode("miniflare_server.mjs", script, options, variables);
}

function inNode(server: string, script: string, options: object, env: Variables): ServedExample {
  return {
    program: binaries["node 22"],
    args: [`entries/${server}`, script, JSON.stringify(options)],
    env,
  };
}

/** What an agent is configured with, out of all that a process has. */
function ownOf(variables: Variables): Variables {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => /^OTEL_|^EMULATOR_|_API_KEY$/.test(name)),
  );
}

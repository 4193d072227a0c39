/** Runs an example of Deno's as its task does, against emulated providers. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { EmulatedResponse } from "../../src/testing/mod.ts";
import { taskOf } from "../house/source.ts";
import { fixture } from "./fixtures.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the preloaded redirection reads. */
const EMULATION = "EMULATOR_URL,EMULATOR_SOCKETS_URL";

/** How an example is run. */
export interface ExampleOptions {
  /** Variables beside the keys of the providers. */
  readonly env: Record<string, string>;
  /** Its arguments. */
  readonly args?: readonly string[];
}

/** Starts an example with its task's permissions: of the network only this machine, where the emulators are. */
export function startExample(task: string, { env, args = [] }: ExampleOptions): Deno.ChildProcess {
  const [, , ...words] = taskOf(task).split(" ");
  const given = words.map((word) =>
    word.replace(/^--allow-net$/, "$&=127.0.0.1,0.0.0.0").replace(/^--allow-env=/, `$&${EMULATION},`)
  );
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--preload=tests/programs/emulated_platform.ts", ...given, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", OPENAI_API_KEY: "sk-test", CARTESIA_API_KEY: "key", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs an example to its end. */
export async function endExample(
  task: string,
  options: ExampleOptions,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const { code, stdout, stderr } = await startExample(task, options).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** Runs an example to its end, which is a good one. */
export async function runExample(task: string, options: ExampleOptions): Promise<string> {
  const { code, stdout, stderr } = await endExample(task, options);
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}

/** What an emulated OpenAI streams: a short answer. */
export function chatStream(): EmulatedResponse {
  const { response, body } = fixture("openai", "chat_stream");
  return { ...response, body };
}

/** Runs a program of `tests/programs/` in a process of its own. */

const ROOT = new URL("../../", import.meta.url);

/** What a program printed, and how it ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

/** How a program is run. */
export interface ProgramOptions {
  /** Permission flags. */
  readonly flags?: readonly string[];
  /** Its arguments. */
  readonly args?: readonly string[];
  /** Environment variables beside those of this process. */
  readonly env?: Record<string, string>;
}

/** Runs `tests/programs/<name>.ts`, without permissions unless given. */
export async function runProgram(
  name: string,
  { flags = [], args = [], env = {} }: ProgramOptions = {},
): Promise<ProgramResult> {
  const begun = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--frozen", ...flags, `tests/programs/${name}.ts`, ...args],
    cwd: ROOT,
    env,
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr), elapsedMs: performance.now() - begun };
}

/** Programs that serve until they are no longer needed. */

/** A running program. */
export interface Program extends AsyncDisposable {
  readonly stdout: ReadableStream<Uint8Array>;
  /** Its number in the system. */
  readonly pid: number;
}

/** How a program is started. */
export interface ProgramOptions {
  readonly cwd: string;
  /** Variables beside those of this process. */
  readonly env?: Record<string, string>;
  /** Whether what it complains of is dropped. */
  readonly quiet?: boolean;
  /**
   * What stops it: one that started others needs a signal that it can take.
   *
   * @default "SIGKILL"
   */
  readonly stopBy?: Deno.Signal;
}

/** Starts a program; at its end it is stopped. Its complaints are shown. */
export function startProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {}, quiet = false, stopBy = "SIGKILL" }: ProgramOptions,
): Program {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: quiet ? "null" : "inherit",
  }).spawn();
  return {
    stdout: child.stdout,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      if (!child.stdout.locked) await child.stdout.cancel();
      try {
        child.kill(stopBy);
      } catch {
        // it has ended by itself
      }
      await child.status;
    },
  };
}

/** The first line that fits. */
export async function readLine(
  output: ReadableStream<Uint8Array>,
  fits: (line: string) => boolean,
): Promise<string> {
  let text = "";
  for await (
    const part of output.pipeThrough(
      new TextDecoderStream() as never,
    ) as ReadableStream<string>
  ) {
    text += part;
    const found = text.split("\n").slice(0, -1).find(fits);
    if (found !== undefined) return found;
  }
  throw new Error(
    `The program ended and did not say what was waited for: ${text}`,
  );
}

/** The address that a server says it listens on, without a slash at its end. */
export async function readAddress(output: ReadableStream<Uint8Array>): Promise<string> {
  const pattern = /http:\/\/[\w.]+:\d+/;
  return pattern.exec(await readLine(output, (line) => pattern.test(line)))![0];
}

import type { EmulatedConnection } from "./emulated_connection.ts";

/** One step of a provider's side of a socket. */
export type SocketStep =
  /** Waits for the client's next frame. */
  | "expect"
  /** Sends a frame: an object goes as JSON. */
  | { readonly send: string | Uint8Array | object }
  /** Closes the socket. */
  | { readonly close: number; readonly reason?: string | undefined }
  /** Breaks the connection, or says nothing more. */
  | "reset"
  | "stall";

/** How a script is played. */
export interface PlayScriptOptions {
  /**
   * Pause before whatever the provider does, in milliseconds. A reset without one may overtake what was sent.
   *
   * @default 0
   */
  readonly paceMs?: number | undefined;
}

/**
 * Plays a provider's protocol by a script, in its documented order: what it waits for, and what it says then.
 *
 * @example A provider that speaks once it was spoken to, and then breaks
 * ```ts
 * import { playScript, startSocketEmulator } from "@teespan/teespan/testing";
 *
 * const emulator = await startSocketEmulator({
 *   serve: playScript(["expect", { send: { type: "chunk", data: "AAAA" } }, "reset"], { paceMs: 5 }),
 * });
 * const socket = new emulator.WebSocket("wss://api.acme.example/speak");
 * socket.onopen = () => socket.send("{}");
 * await new Promise((resolve) => socket.onclose = resolve);
 * await emulator.close();
 * ```
 *
 * @param steps what happens, in order
 * @returns the provider's side, for `startSocketEmulator`
 */
export function playScript(
  steps: readonly SocketStep[],
  { paceMs = 0 }: PlayScriptOptions = {},
): (connection: EmulatedConnection) => Promise<void> {
  return async (connection) => {
    for (const step of steps) {
      if (step === "expect") {
        if (await connection.next() === undefined) return;
        continue;
      }
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
      if (step === "reset") {
        connection.reset();
        return;
      } else if (step === "stall") {
        await connection.stall();
        return;
      } else if ("close" in step) {
        connection.close(step.close, step.reason);
        return;
      } else {
        await connection.send(step.send);
      }
    }
  };
}

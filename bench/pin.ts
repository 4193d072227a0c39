/**
 * Processes kept on cores of their own: a reader on its writer's core is woken less often, and a process that moves
 * between the two changes what it costs, by more than anything that is compared.
 *
 * @module
 */

import { availableParallelism } from "node:os";

/** Who has a core. */
export type Core = "server" | "reader";

/** A command that runs a program on one core, where Linux has two. */
export function pin(core: Core, program: string, args: readonly string[]): [program: string, args: string[]] {
  if (Deno.build.os !== "linux" || availableParallelism() < 2) return [program, [...args]];
  return ["taskset", ["--cpu-list", core === "server" ? "0" : "1", program, ...args]];
}

/**
 * What work costs that is done in this process.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import type { ReadCost, ReadCounts } from "./compare.ts";

/** Measures work, all threads of this process included. */
export async function measureWork(work: () => Promise<ReadCounts>): Promise<ReadCost> {
  const cpu = readCpuMilliseconds();
  const startedAt = performance.now();
  const counts = await work();
  const milliseconds = performance.now() - startedAt;
  return { ...counts, milliseconds, cpuMilliseconds: readCpuMilliseconds() - cpu };
}

function readCpuMilliseconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

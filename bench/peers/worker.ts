/**
 * One contender in a process of its own, on Node or Deno: commands come in on standard input, a line each, and their
 * results go out on standard output.
 *
 * Arguments: the file of the contender below `ways/`, the server's origin, and that of the collector.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import { memoryFetch } from "./memory.ts";
import type { Command, Consumer, Result, Setting, Way } from "./protocol.ts";

const [name = "raw", origin = "", collector = ""] = process.argv.slice(2);
const setting: Setting = { origin, collector, memoryFetch };
const begun = performance.now();
// no path that can be read from the code, or the peers would be imports of the project
const file = new URL(`ways/${name}.mjs`, import.meta.url).href;
const { start } = await import(file) as { start(setting: Setting): Way };
const way = start(setting);
const importMs = performance.now() - begun;
const { createConsumers } = await import("./consumers.ts");
const consumers = await createConsumers(way, origin);

/** Answers that are begun and not read to their end. */
const open: Awaited<ReturnType<Consumer>>[] = [];

function readCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function run(command: Command): Promise<Result> {
  const startedAt = performance.now();
  const cpu = readCpuMs();
  const counted = await perform(command);
  return { ms: performance.now() - startedAt, cpuMs: readCpuMs() - cpu, ...counted };
}

async function perform(command: Command): Promise<Partial<Result>> {
  switch (command.do) {
    case "read":
      return await read(command);
    case "open":
      for (let at = 0; at < command.count; at += 50) {
        const some = Array.from({ length: Math.min(50, command.count - at) }, async () => {
          const answer = await consume(command.consumer, command.kind, command.id);
          await answer.next();
          open.push(answer);
        });
        await Promise.all(some);
      }
      return { count: open.length };
    case "end":
      await Promise.all(open.splice(0).map((answer) => finish(answer, command.how)));
      return {};
    case "cancel":
      return await cancel(command);
    case "socket":
      return await way.hear?.(`${origin.replace("http", "ws")}/socket${command.path}`) ?? {};
    case "heap":
      return { count: await measureHeap() };
    case "import":
      return { count: importMs };
    case "flush":
      await way.flush();
      return {};
  }
}

async function consume(consumer: Command["consumer"], kind: string, id = ""): ReturnType<Consumer> {
  return await consumers[consumer ?? "openai"](kind, id);
}

/** Reads answers to their end, `atOnce` at a time; gives how many chunks there were, and when each first came. */
async function read(
  { consumer, kind, times = 1, atOnce = 1, id }: Command & { do: "read" },
): Promise<Partial<Result>> {
  let left = times;
  let count = 0;
  const firstMs: number[] = [];
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const startedAt = performance.now();
      const answer = await consume(consumer, kind, id);
      let result = await answer.next();
      firstMs.push(performance.now() - startedAt);
      for (; !result.done; result = await answer.next()) count++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { count, firstMs };
}

/** Ends an answer. */
async function finish(answer: Awaited<ReturnType<Consumer>>, how: "break" | "abort" | "end"): Promise<void> {
  // with some that never settles
  if (how === "break") return void answer.return().catch(() => {});
  // while the next chunk is waited for
  if (how === "abort") queueMicrotask(answer.abort);
  try {
    while (!(await answer.next()).done);
  } catch {
    // a reset or an abort is known
  }
}

/** Reads one chunk, breaks off, and waits until the server has seen it or has given up waiting. */
async function cancel({ consumer, kind, id }: Command & { do: "cancel" }): Promise<Partial<Result>> {
  const answer = await consume(consumer, kind, id);
  await answer.next();
  // asked before the cancel, so that it is the answer that is waited for
  const closed = fetch(`${origin}/closed/${id}`).then((response) => response.json());
  const pushed: number = await fetch(`${origin}/pushed/${id}`).then((response) => response.json());
  await new Promise((resolve) => setTimeout(resolve, 50));
  const startedAt = performance.now();
  answer.return().catch(() => {});
  const { seen, pushedBytes } = await closed;
  const firstMs = [seen ? performance.now() - startedAt : -1];
  answer.abort();
  return { firstMs, count: pushedBytes - pushed };
}

/** Bytes in use without garbage, in the heap and in buffers. */
async function measureHeap(): Promise<number> {
  const { gc } = globalThis as { gc?: () => void };
  for (let i = 0; i < 4; i++) {
    gc?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// whoever breaks off must not end the process; what goes wrong is counted
let rejections = 0;
process.on("unhandledRejection", () => void rejections++);

for await (const line of createInterface({ input: process.stdin })) {
  let result: Result;
  try {
    result = await run(JSON.parse(line));
  } catch (error) {
    result = { ms: 0, cpuMs: 0, error: String((error as Error)?.stack ?? error) };
  }
  process.stdout.write(`\n${JSON.stringify({ ...result, rejections })}\n`);
}
process.exit();

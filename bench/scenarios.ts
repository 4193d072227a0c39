/**
 * What is measured, for one way and once: a body read to its end, a reader that pauses, a reader that cancels.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { createMeter, type Readable, type Way, ways } from "./ways.ts";

/** What reading a body took. */
export interface ReadCost {
  /** Reads, the last one included. */
  readonly reads: number;
  /** Bytes read. */
  readonly bytes: number;
  /** Wall time. */
  readonly milliseconds: number;
  /** CPU time of this process, all its threads. */
  readonly cpuMilliseconds: number;
}

/** What a pause let through. */
export interface PauseCost {
  /** Bytes that the server could push until the pause ended. */
  readonly pushedBytes: number;
  /** What this process grew by meanwhile. */
  readonly rssBytes: number;
}

/** How a body is read to its end. */
export type Take = (readable: Readable) => Promise<Pick<ReadCost, "reads" | "bytes">>;

/** Takes `bodies` bodies one after the other, and waits until the observers have seen them too. */
export async function measureReads(way: Way, url: string, bodies: number, take: Take): Promise<ReadCost> {
  return await measureWork(async () => {
    const counts = { reads: 0, bytes: 0 };
    for (let body = 0; body < bodies; body++) {
      const meter = createMeter();
      const { reads, bytes } = await take(way.wrap(await fetch(url), meter));
      counts.reads += reads;
      counts.bytes += bytes;
      if (way.puts === "nothing") continue;
      await meter.settled;
      if (meter.bytes === bytes) continue;
      throw new Error(`Cannot compare ${way.name} as it observed ${meter.bytes} of ${bytes} bytes`);
    }
    return counts;
  });
}

/** Measures what goes from a request to the end of its body. */
export async function measureWork(work: () => ReturnType<Take>): Promise<ReadCost> {
  const cpu = readCpuMilliseconds();
  const startedAt = performance.now();
  const counts = await work();
  const milliseconds = performance.now() - startedAt;
  return { ...counts, milliseconds, cpuMilliseconds: readCpuMilliseconds() - cpu };
}

/** Reads chunk by chunk. */
export async function readChunks(readable: Readable): ReturnType<Take> {
  const reader = readable.getReader();
  let reads = 1;
  let bytes = 0;
  for (let result = await reader.read(); !result.done; result = await reader.read()) {
    reads++;
    bytes += result.value.length;
  }
  return { reads, bytes };
}

/** Has the platform read it, which passes JavaScript by where nothing stands between. */
export async function readWhole(readable: Readable): ReturnType<Take> {
  const { byteLength } = await new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>)
    .arrayBuffer();
  return { reads: 1, bytes: byteLength };
}

/** Measures a pause in a process of its own, whose memory no other body has touched. */
export async function measurePauseApart(way: Way, origin: string, pauseMs: number): Promise<PauseCost> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      import.meta.url,
      way.name,
      origin,
      String(pauseMs),
    ],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot measure a pause of ${way.name} as its process failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Reads one chunk and then nothing for a while. */
async function measurePause(way: Way, origin: string, pauseMs: number): Promise<PauseCost> {
  const id = crypto.randomUUID();
  const abort = new AbortController();
  // what the first request loads is not the body's
  await fetch(`${origin}/pushed`).then((response) => response.json());
  const rss = Deno.memoryUsage().rss;
  const response = await fetch(`${origin}/bulk?id=${id}`, { signal: abort.signal });
  const reader = way.wrap(response, createMeter()).getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const rssBytes = Deno.memoryUsage().rss - rss;
  const pushedBytes: number = await fetch(`${origin}/pushed?id=${id}`).then((answer) => answer.json());
  reader.cancel().catch(ignore);
  abort.abort();
  return { pushedBytes, rssBytes };
}

/**
 * Reads one chunk and cancels. Gives the milliseconds until the server has seen it and said so, or infinity when it
 * gave up waiting for it.
 */
export async function measureCancel(way: Way, origin: string): Promise<number> {
  const id = crypto.randomUUID();
  const abort = new AbortController();
  const response = await fetch(`${origin}/drip?id=${id}`, { signal: abort.signal });
  const reader = way.wrap(response, createMeter()).getReader();
  await reader.read();
  // asked before the cancel, so that it is the answer that is waited for
  const seen: Promise<boolean> = fetch(`${origin}/closed?id=${id}`).then((answer) => answer.json());
  await new Promise((resolve) => setTimeout(resolve, 50));
  const startedAt = performance.now();
  // of a branch of `tee()` this stays pending
  reader.cancel().catch(ignore);
  const milliseconds = await seen ? performance.now() - startedAt : Infinity;
  abort.abort();
  return milliseconds;
}

function readCpuMilliseconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** What a body says after we aborted it is known. */
function ignore(): void {}

if (import.meta.main) {
  const [name, origin, pauseMs] = Deno.args;
  const way = ways.find((way) => way.name === name)!;
  console.log(JSON.stringify(await measurePause(way, origin!, Number(pauseMs))));
  // a pending cancel would keep the process
  Deno.exit();
}

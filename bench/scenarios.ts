/**
 * What is done with one way, on whatever runtime: bodies read to their end, a reader that pauses, a reader that
 * cancels. Who measures stands outside.
 *
 * @module
 */

import type { ReadCounts } from "./compare.ts";
import { createMeter, type Readable, type Way } from "./ways.ts";

/** How a body is read to its end. */
export type Take = (readable: Readable) => Promise<ReadCounts>;

/** Takes `bodies` bodies one after the other, and waits until the observers have seen them too. */
export async function readBodies(way: Way, url: string, bodies: number, take: Take): Promise<ReadCounts> {
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
}

/** Reads chunk by chunk. */
export async function readChunks(readable: Readable): Promise<ReadCounts> {
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
export async function readWhole(readable: Readable): Promise<ReadCounts> {
  const { byteLength } = await new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>)
    .arrayBuffer();
  return { reads: 1, bytes: byteLength };
}

/** Reads one chunk and then nothing for a while; gives the bytes that the server could push until then. */
export async function pause(way: Way, origin: string, pauseMs: number): Promise<number> {
  const id = crypto.randomUUID();
  const abort = new AbortController();
  const response = await fetch(`${origin}/bulk/${id}`, { signal: abort.signal });
  const reader = way.wrap(response, createMeter()).getReader();
  await reader.read();
  await sleep(pauseMs);
  const pushedBytes: number = await fetch(`${origin}/pushed/${id}`).then((answer) => answer.json());
  reader.cancel().catch(ignore);
  abort.abort();
  return pushedBytes;
}

/**
 * Reads one chunk and cancels. Gives the milliseconds until the server has seen it and said so, or nothing when it
 * gave up waiting for it.
 */
export async function cancel(way: Way, origin: string): Promise<number | undefined> {
  const id = crypto.randomUUID();
  const abort = new AbortController();
  const response = await fetch(`${origin}/drip/${id}`, { signal: abort.signal });
  const reader = way.wrap(response, createMeter()).getReader();
  await reader.read();
  // asked before the cancel, so that it is the answer that is waited for
  const closed: Promise<{ seen: boolean }> = fetch(`${origin}/closed/${id}`).then((answer) => answer.json());
  await sleep(50);
  const startedAt = performance.now();
  // of a branch of `tee()` this stays pending
  reader.cancel().catch(ignore);
  const { seen } = await closed;
  const milliseconds = performance.now() - startedAt;
  abort.abort();
  return seen ? milliseconds : undefined;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a body says after we aborted it is known. */
function ignore(): void {}

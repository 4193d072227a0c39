/**
 * The provider's side of the benchmark, in a process of its own so that its work does not count: answers to read, and
 * control URLs that tell what became of them.
 *
 * An answer is at `/<kind>/<id>/…`, where the id is any. The server says its port on standard output and ends when
 * its standard input does.
 *
 * @module
 */

import { eventAt, requestIdOf, said, SSE_CHUNKS, writeWords } from "./chat.ts";
import { pin } from "./pin.ts";

/** Chunks of a short answer. */
export const SHORT_CHUNKS = 4;
/** Chunks of an answer that comes at the pace of a model. */
export const PACED_CHUNKS = 500;
/** Bytes of a bulk answer. */
export const BULK_BYTES = 64 * 1024 * 1024;
/** How long `/closed` waits for a body to be cancelled. */
export const CANCEL_WAIT_MS = 1_500;
/** Frames of a burst over a socket. */
export const SOCKET_FRAMES = 20_000;

const BLOCK_BYTES = 64 * 1024;
const PACE_MS = 1;
const DRIP_INTERVAL_MS = 5;
/** Longer than anyone waits for the cancel. */
const DRIP_CHUNKS = 600;
/** How often a call is refused before it is answered. */
export const RETRIES = 2;

/** What became of one body. */
interface Delivery {
  /** Bytes that were taken from us. */
  pushedBytes: number;
  /** Settles when the other side goes away before the end. */
  readonly cancelled: PromiseWithResolvers<void>;
}

/** How one kind of answer is made. */
interface Kind {
  /** How many pieces it has. */
  readonly count: number;
  /** A piece; an error breaks the connection. */
  readonly piece: (index: number) => Uint8Array | Promise<Uint8Array>;
  /** @default "text/event-stream" */
  readonly type?: string;
}

const deliveries = new Map<string, Delivery>();
/** How often a call was refused, by its id. */
const refusals = new Map<string, number>();

/** A running server. */
export interface BenchServer {
  /** Where it listens. */
  readonly origin: string;
  /** Ends its process. */
  stop(): Promise<void>;
}

/** Starts this file as a process. */
export async function startServer(): Promise<BenchServer> {
  const flags = ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1"];
  const [program, args] = pin("server", Deno.execPath(), [...flags, import.meta.url]);
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "null", // tells of each reset, which was asked for
  }).spawn();
  const [first] = await Array.fromAsync(takeOne(child.stdout.pipeThrough(new TextDecoderStream())));
  return {
    origin: `http://127.0.0.1:${Number(first)}`,
    async stop() {
      await child.stdin.close();
      await child.status;
    },
  };
}

async function* takeOne<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  for await (const value of stream) return yield value;
}

/** As OpenAI streams it: words, the finish, the usage, the end marker. */
function chat(count: number, wait?: (index: number) => Promise<void> | undefined): Kind {
  return {
    count,
    piece(index) {
      const waited = wait?.(index);
      const event = eventAt(index, count);
      return waited === undefined ? event : waited.then(() => event);
    },
  };
}

const kinds: Readonly<Record<string, Kind>> = {
  stream: chat(SSE_CHUNKS),
  tenth: chat(SSE_CHUNKS / 10),
  tenfold: chat(SSE_CHUNKS * 10),
  paced: chat(PACED_CHUNKS, () => sleep(PACE_MS)),
  short: chat(SHORT_CHUNKS),
  late: chat(SHORT_CHUNKS, (index) => index === 0 ? sleep(said.firstWordMs) : undefined),
  retried: chat(SHORT_CHUNKS),
  drip: chat(DRIP_CHUNKS, (index) => index === 0 ? undefined : sleep(DRIP_INTERVAL_MS)),
  held: chat(SHORT_CHUNKS, (index) => index === 1 ? new Promise(() => {}) : undefined),
  reset: chat(DRIP_CHUNKS, async (index) => {
    if (index < 3) return;
    await sleep(50); // so that the words before it arrive
    throw new Error("reset");
  }),
  bulk: { count: BULK_BYTES / BLOCK_BYTES, piece: () => block, type: "application/octet-stream" },
  verbose: { count: BULK_BYTES / BLOCK_BYTES, piece: () => blockOfWords },
};

async function answer(request: Request): Promise<Response> {
  const [, name = "", id = ""] = new URL(request.url).pathname.split("/");
  const kind = kinds[name];
  if (kind !== undefined) {
    const refused = refusals.get(id) ?? 0;
    await request.body?.pipeTo(new WritableStream());
    if (name !== "retried" || refused === RETRIES) return deliver(id, kind, requestIdOf(refused));
    refusals.set(id, refused + 1);
    return refuse(refused);
  }
  switch (name) {
    case "pushed":
      return Response.json(deliveries.get(id)?.pushedBytes ?? 0);
    case "closed":
      return await reportCancel(id);
    case "socket":
      return speak(request);
    default:
      return new Response(null, { status: 404 });
  }
}

/** No, as OpenAI says it when there is too much to do, with a short time to wait. */
function refuse(retry: number): Response {
  const error = { message: "Rate limit reached", type: "requests", param: null, code: "rate_limit_exceeded" };
  const headers = { "x-request-id": requestIdOf(retry), "retry-after-ms": "5" };
  return Response.json({ error }, { status: 429, headers });
}

/** A body whose pieces are made when the connection takes them. */
function deliver(
  id: string,
  { count, piece, type = "text/event-stream" }: Kind,
  requestId: string,
): Response {
  const delivery: Delivery = {
    pushedBytes: 0,
    cancelled: Promise.withResolvers(),
  };
  if (id !== "") deliveries.set(id, delivery);
  let index = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (index === count) return controller.close();
      const bytes = await piece(index++);
      delivery.pushedBytes += bytes.length;
      controller.enqueue(bytes);
    },
    cancel: () => delivery.cancelled.resolve(),
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": type, "x-request-id": requestId } });
}

/** Answers as soon as the body is cancelled, or that it was not; and how much was pushed by then. */
async function reportCancel(id: string): Promise<Response> {
  const delivery = deliveries.get(id);
  const closed = delivery?.cancelled.promise.then(() => true);
  const seen = await Promise.race([closed ?? false, sleep(CANCEL_WAIT_MS).then(() => false)]);
  return Response.json({ seen, pushedBytes: delivery?.pushedBytes ?? 0 });
}

/** A voice: for each message that asks, a burst of audio, in bytes as Deepgram sends it or in JSON as Cartesia does. */
function speak(request: Request): Response {
  const { socket, response } = Deno.upgradeWebSocket(request);
  const inBytes = request.url.includes("/v1/speak");
  socket.onmessage = ({ data }) => {
    const { context_id } = JSON.parse(data);
    const chunk = { type: "chunk", context_id, status_code: 206, done: false, data: AUDIO.toBase64() };
    const frame = inBytes ? AUDIO : JSON.stringify(chunk);
    for (let sent = 0; sent < SOCKET_FRAMES; sent++) socket.send(frame);
    const end = inBytes
      ? { type: "Flushed", sequence_id: 0 }
      : { ...chunk, type: "done", done: true, data: "" };
    socket.send(JSON.stringify(end));
  };
  return response;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const block = new Uint8Array(BLOCK_BYTES);
const blockOfWords = writeWords("w".repeat(BLOCK_BYTES - writeWords("").length));
/** 20 ms of 16-bit samples at 16 kHz. */
const AUDIO = new Uint8Array(640);

if (import.meta.main) {
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(port),
  }, answer);
  // when the benchmark is gone, so are we
  for await (const _ of Deno.stdin.readable);
  Deno.exit();
}

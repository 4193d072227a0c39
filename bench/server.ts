/**
 * The provider's side of the benchmark, in a process of its own so that its work does not count: bodies to read, and
 * a control URL that tells what became of them.
 *
 * It says its port on standard output and ends when its standard input does.
 *
 * @module
 */

/** Chunks of an answer at `/v1/chat/completions`. */
export const SSE_CHUNKS = 2_000;
/** Chunks of an answer at `/short/chat/completions`. */
export const SHORT_CHUNKS = 4;
/** Bytes of the body at `/bulk`. */
export const BULK_BYTES = 64 * 1024 * 1024;
/** How long `/closed` waits for a body to be cancelled. */
export const CANCEL_WAIT_MS = 1_500;

const BLOCK_BYTES = 64 * 1024;
const DRIP_INTERVAL_MS = 5;
/** Longer than anyone waits for the cancel. */
const DRIP_CHUNKS = 600;

/** What became of one body. */
interface Delivery {
  /** Bytes that were taken from us. */
  pushedBytes: number;
  /** Settles when the other side goes away before the end. */
  readonly cancelled: PromiseWithResolvers<void>;
}

const deliveries = new Map<string, Delivery>();

/** A running server. */
export interface BenchServer {
  /** Where it listens. */
  readonly origin: string;
  /** Ends its process. */
  stop(): Promise<void>;
}

/** Starts this file as a process. */
export async function startServer(): Promise<BenchServer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", import.meta.url],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
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

function answer(request: Request): Response | Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const id = searchParams.get("id") ?? "";
  switch (pathname) {
    case "/v1/chat/completions":
      return deliver(id, "text/event-stream", SSE_CHUNKS, (index) => events[index]!);
    case "/short/chat/completions":
      return deliver(
        id,
        "text/event-stream",
        SHORT_CHUNKS,
        (index) => events[SSE_CHUNKS - SHORT_CHUNKS + index]!,
      );
    case "/bulk":
      return deliver(id, "application/octet-stream", BULK_BYTES / BLOCK_BYTES, () => block);
    case "/drip":
      return deliver(id, "text/event-stream", DRIP_CHUNKS, async (index) => {
        if (index > 0) await sleep(DRIP_INTERVAL_MS);
        return events[index]!;
      });
    case "/pushed":
      return Response.json(deliveries.get(id)?.pushedBytes ?? 0);
    case "/closed":
      return reportCancel(id);
    default:
      return new Response(null, { status: 404 });
  }
}

/** A body of `count` chunks, each made when the connection takes it. */
function deliver(
  id: string,
  type: string,
  count: number,
  make: (index: number) => Uint8Array | Promise<Uint8Array>,
): Response {
  const delivery: Delivery = { pushedBytes: 0, cancelled: Promise.withResolvers() };
  if (id !== "") deliveries.set(id, delivery);
  let index = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (index === count) return controller.close();
      const chunk = await make(index++);
      delivery.pushedBytes += chunk.length;
      controller.enqueue(chunk);
    },
    cancel: () => delivery.cancelled.resolve(),
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": type, "x-request-id": `req_${id}` } });
}

/** Answers as soon as the body is cancelled, or that it was not. */
async function reportCancel(id: string): Promise<Response> {
  const seen = deliveries.get(id)?.cancelled.promise.then(() => true);
  return Response.json(await Promise.race([seen ?? false, sleep(CANCEL_WAIT_MS).then(() => false)]));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** An answer as OpenAI streams it: tokens, the finish, the usage, the end marker. */
function writeEvents(): Uint8Array[] {
  const writeChunk = (fields: object): string =>
    JSON.stringify({
      id: "chatcmpl-bench",
      object: "chat.completion.chunk",
      created: 1_700_000_000,
      model: "gpt-bench",
      system_fingerprint: "fp_bench",
      ...fields,
    });
  const writeToken = (_: unknown, index: number): string =>
    writeChunk({ choices: [{ index: 0, delta: { content: ` token${index}` }, finish_reason: null }] });
  const usage = { prompt_tokens: 10, completion_tokens: SSE_CHUNKS - 3, total_tokens: SSE_CHUNKS + 7 };
  return [
    ...Array.from({ length: SSE_CHUNKS - 3 }, writeToken),
    writeChunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
    writeChunk({ choices: [], usage }),
    "[DONE]",
  ].map((data) => new TextEncoder().encode(`data: ${data}\n\n`));
}

const events = writeEvents();
const block = new Uint8Array(BLOCK_BYTES);

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

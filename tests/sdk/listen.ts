/** What callers do with speech, whatever the SDK. */

import type { SpeechStage } from "./speech_compare.ts";

/** Reads audio to its end, or up to so many bytes. What came is logged as one, however it was cut. */
export async function hear(
  audio: ReadableStream<Uint8Array> | null | undefined,
  { log }: SpeechStage,
  byteCount = Infinity,
): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const reader = audio!.getReader();
  const heard: number[] = [];
  try {
    while (heard.length < byteCount) {
      const { done, value } = await reader.read();
      if (done) break;
      heard.push(...value);
    }
  } finally {
    log("heard", new Uint8Array(heard));
  }
  return reader;
}

/** Reads audio up to so many bytes, then aborts and reads on. */
export async function hearAndAbort(
  audio: ReadableStream<Uint8Array> | null | undefined,
  stage: SpeechStage,
  byteCount: number,
  controller: AbortController,
): Promise<unknown> {
  const reader = await hear(audio, stage, byteCount);
  controller.abort(new Error("mine"));
  return await reader.read();
}

/** Reads audio up to so many bytes, then cancels it. */
export async function hearAndCancel(
  audio: ReadableStream<Uint8Array> | null | undefined,
  stage: SpeechStage,
  byteCount: number,
): Promise<unknown> {
  const reader = await hear(audio, stage, byteCount);
  return await reader.cancel("enough");
}

/** Logs what a stream of events gives, up to so many. */
export async function listen(
  events: AsyncIterable<unknown>,
  { log }: SpeechStage,
  count = Infinity,
): Promise<void> {
  let seen = 0;
  for await (const event of events) {
    log(event);
    if (++seen >= count) break;
  }
}

/** What came on a socket: logged, and waited for. */
export interface Inbox {
  /** Something came. */
  put(...seen: readonly unknown[]): void;
  /** Resolves when so many came. */
  has(count: number): Promise<void>;
}

/** An inbox for a socket. */
export function openInbox({ log }: SpeechStage): Inbox {
  const waiting = new Set<() => void>();
  let came = 0;
  return {
    put(...seen) {
      log(...seen);
      came++;
      for (const look of waiting) look();
      waiting.clear();
    },
    async has(count) {
      while (came < count) await new Promise<void>((look) => waiting.add(look));
    },
  };
}

/** A socket of an SDK, as Sarvam's, Hume's and Deepgram's have it. */
export interface EventedSocket {
  on(event: "message", callback: (message: unknown) => void): void;
  on(event: "close", callback: (event: { code: number; reason: string }) => void): void;
  waitForOpen(): Promise<unknown>;
}

/** Waits until a socket is open; gives it with what comes on it, and with its close, which is logged. */
export async function untilOpen<Socket extends EventedSocket>(
  socket: Socket,
  stage: SpeechStage,
  shown: (message: unknown) => unknown = (message) => message,
) {
  const inbox = openInbox(stage);
  socket.on("message", (message) => inbox.put(shown(message)));
  const closed = new Promise<void>((resolve) => {
    socket.on("close", ({ code, reason }) => {
      stage.log("close", code, reason);
      resolve();
    });
  });
  await socket.waitForOpen();
  return { socket, inbox, closed };
}

/** Logs what an SDK prints meanwhile, in place of printing it. */
export async function hushed<T>({ log }: SpeechStage, work: () => Promise<T>): Promise<T> {
  const { warn, error } = console;
  console.warn = console.error = (...printed: unknown[]) => log("printed", String(printed[0]));
  try {
    return await work();
  } finally {
    Object.assign(console, { warn, error });
  }
}

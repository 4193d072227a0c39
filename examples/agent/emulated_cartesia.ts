/**
 * Cartesia, emulated over a real socket: silence of the length that the text takes to say, in pieces and three times
 * faster than it would play, with the times of its words; until it is cancelled.
 */

import { setTimeout as pause } from "node:timers/promises";
import { type EmulatedConnection, type SocketEmulator, startSocketEmulator } from "@teespan/teespan/testing";

interface SpeakRequest {
  readonly context_id: string;
  readonly transcript: string;
  readonly continue?: boolean;
  readonly flush?: boolean;
  readonly add_timestamps?: boolean;
  readonly cancel?: boolean;
}

/** How far a context is. */
interface Progress {
  seconds: number;
  flushes: number;
  cancelled: boolean;
}

const CHARACTERS_PER_SECOND = 15;
const BYTES_PER_SECOND = 2 * 24_000;
const CHUNK_BYTES = BYTES_PER_SECOND / 8;
const PACE_MS = 40;

/** Starts it. */
export function startCartesia(): Promise<SocketEmulator> {
  return startSocketEmulator({
    handshake: () => ({ headers: { "x-request-id": crypto.randomUUID() }, delayMs: 40 }),
    serve,
  });
}

async function serve(connection: EmulatedConnection): Promise<void> {
  const contexts = new Map<string, Progress>();
  let spoken = Promise.resolve();
  while (true) {
    const request = await connection.nextJson() as SpeakRequest | undefined;
    if (request === undefined) return;
    const { context_id: id, cancel } = request;
    const progress = contexts.get(id) ?? { seconds: 0, flushes: 1, cancelled: false };
    contexts.set(id, progress);
    // heard while it speaks: the rest waits its turn
    if (cancel) progress.cancelled = true;
    else spoken = spoken.then(() => progress.cancelled ? undefined : answer(connection, request, progress));
  }
}

async function answer(
  connection: EmulatedConnection,
  request: SpeakRequest,
  progress: Progress,
): Promise<void> {
  const { context_id, transcript, flush } = request;
  const frame = (type: string, facts: object): object => ({
    type,
    context_id,
    done: false,
    status_code: 206,
    ...facts,
  });
  if (transcript !== "") {
    await pause(progress.seconds === 0 ? 90 : 15);
    await connection.sendPaced(speak(request, progress, frame), PACE_MS);
  }
  if (progress.cancelled) return;
  if (flush) await connection.send(frame("flush_done", { flush_done: true, flush_id: progress.flushes++ }));
  if (!request.continue) await connection.send(frame("done", { done: true }));
}

function* speak(
  { transcript, add_timestamps }: SpeakRequest,
  progress: Progress,
  frame: (type: string, facts: object) => object,
): Generator<object, void, void> {
  const from = progress.seconds;
  const seconds = transcript.length / CHARACTERS_PER_SECOND;
  progress.seconds += seconds;
  if (add_timestamps) yield frame("timestamps", { word_timestamps: timeWords(transcript, from) });
  // a sample has two bytes
  const bytes = 2 * Math.round(seconds * BYTES_PER_SECOND / 2);
  for (let sent = 0; sent < bytes && !progress.cancelled; sent += CHUNK_BYTES) {
    yield frame("chunk", {
      data: btoa("\0".repeat(Math.min(CHUNK_BYTES, bytes - sent))),
      step_time: 20,
      flush_id: progress.flushes,
    });
  }
}

function timeWords(transcript: string, from: number): object {
  const words = [...transcript.matchAll(/\S+/g)];
  const secondsAt = (place: number): number => from + place / CHARACTERS_PER_SECOND;
  return {
    words: words.map(([word]) => word),
    start: words.map(({ index }) => secondsAt(index)),
    end: words.map(({ 0: word, index }) => secondsAt(index + word.length)),
  };
}

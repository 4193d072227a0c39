/**
 * Whoever calls: a line that is live. Every 20 milliseconds it sends a piece of what it hears from the caller and plays a
 * piece of what came from the agent; it says what it means to when it is asked to, and once while the agent speaks.
 */

import type { Signal } from "./call.ts";
import { PIECE_SECONDS, silence, speak, type SpeechPiece } from "./speech.ts";

/** What the caller says, and when. */
export interface Line {
  /** The words. */
  readonly text: string;
  /** Cuts in when so much of the answer was heard; else waits until the agent is silent. */
  readonly afterSeconds?: number | undefined;
}

/** Told what can be heard on the line, as it is heard. */
export interface Listener {
  /** A word; `waitedSeconds` stands before the first one of an answer: since the caller's last. */
  heard(who: "You" | "Agent", word: string, waitedSeconds?: number): void;
  /** Somebody's words are at their end, or cut off there. */
  silent(cutOff: boolean): void;
}

const BYTES_PER_SECOND = 2 * 24_000;

/** Calls, says all lines, and hangs up. Gives the seconds of speech that were heard. */
export async function placeCall(url: string, lines: readonly Line[], listener: Listener): Promise<number> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  let closed: CloseEvent | undefined;
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onclose = (event) => opened.resolve(void (closed = event));

  /** What came from the agent and was not played yet. */
  let pending = { seconds: 0, words: [] as { readonly word: string; readonly at: number }[] };
  let [heard, total, mine, agentSpeaks] = [0, 0, false, false];
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data !== "string") {
      pending.seconds += data.byteLength / BYTES_PER_SECOND;
      return;
    }
    const signal: Signal = JSON.parse(data);
    if (signal.type === "yours") mine = true;
    else if (signal.type === "drop") pending = { seconds: 0, words: [] };
    else pending.words.push(...signal.words.map((word, place) => ({ word, at: signal.starts[place] ?? 0 })));
  };

  await opened.promise;
  const left = [...lines];
  let speech: Iterator<SpeechPiece> | undefined;
  let spokeAt: number | undefined;
  const clock = performance.now();
  for (let piece = 0; closed === undefined; piece++) {
    const next = left[0];
    const turn = next?.afterSeconds === undefined ? mine && pending.seconds <= 0 : heard >= next.afterSeconds;
    if (speech === undefined && next !== undefined && turn) {
      if (heard > 0) listener.silent(agentSpeaks && !mine);
      [heard, mine, agentSpeaks] = [0, false, false];
      pending.words = [];
      speech = speak(left.shift()!.text);
    }
    const spoken = speech?.next();
    const { audio, word } = spoken?.done === false ? spoken.value : silence;
    socket.send(audio);
    if (word !== undefined) listener.heard("You", word);
    if (spoken?.done === false) spokeAt = performance.now();
    else if (spoken?.done) {
      speech = undefined;
      listener.silent(false);
      if (left.length === 0) break;
    }

    if (pending.seconds > 0 && speech === undefined) {
      const waited = agentSpeaks || spokeAt === undefined ? undefined : (performance.now() - spokeAt) / 1000;
      while (pending.words[0] && pending.words[0].at <= heard) {
        listener.heard("Agent", pending.words.shift()!.word, agentSpeaks ? undefined : waited);
        agentSpeaks = true;
      }
    }
    const played = Math.min(PIECE_SECONDS, pending.seconds);
    pending.seconds -= played;
    total += played;
    if (speech === undefined) heard += played;
    const pause = clock + (piece + 1) * PIECE_SECONDS * 1000 - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(pause, 0)));
  }
  if (closed !== undefined) throw new Error(`The line broke: ${closed.code} ${closed.reason}`);
  const hungUp = new Promise((resolve) => socket.onclose = resolve);
  socket.close(1000);
  await hungUp;
  return total;
}

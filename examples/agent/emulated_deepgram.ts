/**
 * Deepgram's recognition, emulated over a real socket: it hears from the audio that comes when words are spoken, and
 * knows by heart which. Its frames are those of `/v1/listen`: SpeechStarted, interim and final Results with the times
 * of their words, `speech_final` after the silence that was asked for, Metadata after CloseStream.
 */

import { type EmulatedConnection, type SocketEmulator, startSocketEmulator } from "@teespan/teespan/testing";
import { isLoud, PIECE_SECONDS } from "./speech.ts";

interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
}

const INTERIM_SECONDS = 0.5;

/** Starts it. `script` is what will be said, utterance by utterance. */
export function startDeepgram(script: readonly string[]): Promise<SocketEmulator> {
  return startSocketEmulator({
    handshake: () => ({ delayMs: 60 }),
    serve: (connection) => serve(connection, script),
  });
}

async function serve(connection: EmulatedConnection, script: readonly string[]): Promise<void> {
  const endpointing = Number(new URL(connection.url).searchParams.get("endpointing") ?? 10) / 1000;
  const metadata = {
    request_id: crypto.randomUUID(),
    model_info: { name: "general-nova-3", version: "2025-07-31.0", arch: "nova-3" },
    model_uuid: crypto.randomUUID(),
  };
  const utterances = script.map((text) => text.split(" "));
  let [seconds, begun, interimAt, loud] = [0, 0, 0, false];
  let words: Word[] = [];

  const send = (frame: object): Promise<void> => connection.send(frame);
  const result = (final: boolean): Promise<void> =>
    send({
      type: "Results",
      channel_index: [0, 1],
      duration: round(seconds - begun),
      start: round(begun),
      is_final: final,
      speech_final: final,
      channel: {
        alternatives: [{
          transcript: words.map(({ word }) => word).join(" "),
          confidence: final ? 0.98 : 0.9,
          words,
        }],
      },
      metadata,
      from_finalize: false,
    });
  const finish = async (): Promise<void> => {
    await result(true);
    utterances.shift();
    words = [];
  };

  for (let frame = await connection.next(); frame !== undefined; frame = await connection.next()) {
    if (typeof frame === "string") {
      if (JSON.parse(frame).type !== "CloseStream") continue;
      if (words.length > 0) await finish();
      await send({
        type: "Metadata",
        ...metadata,
        created: new Date().toISOString(),
        duration: seconds,
        channels: 1,
      });
      return connection.close(1000);
    }
    const from = seconds;
    seconds = round(seconds + PIECE_SECONDS);
    const last = words.at(-1);
    if (isLoud(frame) && loud && last) words = [...words.slice(0, -1), { ...last, end: seconds }];
    else if (isLoud(frame)) {
      if (last === undefined) {
        [begun, interimAt] = [from, from + INTERIM_SECONDS];
        await send({ type: "SpeechStarted", channel: [0, 1], timestamp: from });
      }
      const word = utterances[0]?.[words.length] ?? "hm";
      words = [...words, { word, start: from, end: seconds, confidence: 0.98 }];
    } else if (last && seconds - last.end >= endpointing) await finish();
    if (words.length > 0 && seconds >= interimAt) {
      interimAt += INTERIM_SECONDS;
      await result(false);
    }
    loud = isLoud(frame);
  }
}

/** Without the dust of sums. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

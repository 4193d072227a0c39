/**
 * An ear: audio goes to Deepgram as it comes, what was said comes back. Nothing here is about telemetry: the `WebSocket`
 * that it is given sees when speech began and ended.
 */

/** A recognition over one socket. */
export interface Recognition {
  /** Hears a piece of audio: PCM, 16 bits, 16 kHz, one channel. */
  hear(audio: Uint8Array<ArrayBuffer>): void;
  /** What was said next, once it is over. */
  utterance(): Promise<string>;
  /** Hears no more, and waits for the last word about it. */
  close(): Promise<void>;
}

interface DeepgramFrame {
  readonly type: string;
  readonly is_final?: boolean;
  readonly speech_final?: boolean;
  /** Of Results; other frames only number it. */
  readonly channel?: { readonly alternatives?: readonly { readonly transcript: string }[] };
}

const ADDRESS = "wss://api.deepgram.com/v1/listen";

const SETTINGS = {
  model: "nova-3",
  encoding: "linear16",
  sample_rate: "16000",
  interim_results: "true",
  vad_events: "true",
  // milliseconds of silence after which whoever spoke has finished
  endpointing: "200",
};

/** Opens the socket. `speechStarted` is told at once: whoever is spoken to falls silent. */
export function openRecognition(
  WebSocket: typeof globalThis.WebSocket,
  apiKey: string,
  speechStarted: () => void,
): Recognition {
  const socket = new WebSocket(`${ADDRESS}?${new URLSearchParams(SETTINGS)}`, ["token", apiKey]);
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
  /** Before the socket is open, audio waits. */
  const early: Uint8Array<ArrayBuffer>[] = [];
  const said: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  let finals: string[] = [];

  socket.addEventListener("open", () => {
    for (const audio of early.splice(0)) socket.send(audio);
  });
  socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
    const frame: DeepgramFrame = JSON.parse(data);
    if (frame.type === "SpeechStarted") speechStarted();
    const transcript = frame.channel?.alternatives?.[0]?.transcript ?? "";
    if (frame.is_final && transcript !== "") finals.push(transcript);
    if (!frame.speech_final || finals.length === 0) return;
    said.push(finals.join(" "));
    finals = [];
    for (const take of waiting.splice(0, said.length)) take(said.shift()!);
  });

  return {
    hear(audio) {
      if (socket.readyState === WebSocket.CONNECTING) early.push(audio);
      else if (socket.readyState === WebSocket.OPEN) socket.send(audio);
    },
    utterance: () =>
      new Promise((resolve) => {
        const text = said.shift();
        if (text === undefined) waiting.push(resolve);
        else resolve(text);
      }),
    async close() {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "CloseStream" }));
      else socket.close();
      await closed;
    },
  };
}

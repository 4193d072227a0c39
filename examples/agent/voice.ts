/**
 * A voice: text goes to Cartesia sentence by sentence, audio comes back, all over one socket. Nothing here is about
 * telemetry: the `WebSocket` that it is given sees what it needs.
 */

/** One stretch of speech: a context of the socket. */
export interface Segment {
  /** Speaks the text; what is no whole sentence yet waits for the rest. */
  say(text: string): void;
  /** Speaks what is left, and waits for the last of the audio. */
  end(): Promise<void>;
  /** Breaks it off: what was not spoken yet stays unsaid. */
  cancel(): void;
}

/** A voice over one socket. */
export interface Voice {
  /** Begins a stretch of speech. */
  begin(): Segment;
  /** Breaks off what is still spoken, and closes the socket. */
  close(): void;
}

/** Takes audio as it comes: PCM, 16 bits, 24 kHz, one channel. `segment` tells which stretch it is from. */
export type Play = (audio: Uint8Array, segment: string) => void;

/** Takes words with the seconds of their stretch at which they begin; they come before their audio. */
export type Caption = (words: readonly string[], startSeconds: readonly number[], segment: string) => void;

/** How much audio a second is. */
export const VOICE_BYTES_PER_SECOND = 2 * 24_000;

interface CartesiaFrame {
  readonly type: string;
  readonly context_id?: string;
  readonly data?: string;
  readonly word_timestamps?: { readonly words: readonly string[]; readonly start: readonly number[] };
  readonly done?: boolean;
  readonly title?: string;
}

const ADDRESS = "wss://api.cartesia.ai/tts/websocket";

const SETTINGS = {
  model_id: "sonic-3.5",
  voice: { mode: "id", id: "a0e99841-438c-4a64-b679-ae501e7d6091" },
  language: "en",
  output_format: { container: "raw", encoding: "pcm_s16le", sample_rate: 24_000 },
  // whole sentences are sent: nothing to wait for
  max_buffer_delay_ms: 0,
  add_timestamps: true,
};

/** Opens the socket. What is said before it is open is sent then. */
export function openVoice(
  WebSocket: typeof globalThis.WebSocket,
  apiKey: string,
  play: Play,
  caption: Caption = () => {},
): Voice {
  const query = new URLSearchParams({ cartesia_version: "2026-03-01", api_key: apiKey });
  const socket = new WebSocket(`${ADDRESS}?${query}`);
  /** Those whose audio still comes. */
  const segments = new Map<string, PromiseWithResolvers<void>>();
  const opened = new Promise((resolve) => socket.addEventListener("open", resolve));

  socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
    const frame: CartesiaFrame = JSON.parse(data);
    const { type, context_id: id = "", data: audio, word_timestamps: times, done, title } = frame;
    // what was on its way when its stretch was broken off is not heard
    const wanted = segments.has(id);
    if (wanted && times) caption(times.words, times.start, id);
    if (wanted && type === "chunk" && audio) {
      play(Uint8Array.from(atob(audio), (byte) => byte.charCodeAt(0)), id);
    }
    if (type === "error") fail(`Cartesia cannot speak: ${title}`, id);
    else if (done) segments.get(id)?.resolve();
    if (done) segments.delete(id);
  });
  socket.addEventListener("close", ({ code }) => fail(`Cartesia's socket closed with ${code}`));

  /** Without an id it is about all of them. */
  function fail(why: string, id?: string): void {
    for (const [each, { reject }] of segments) if (!id || each === id) reject(new Error(why));
  }

  return {
    begin() {
      const id = crypto.randomUUID();
      const ended = Promise.withResolvers<void>();
      // it may fail while its text still comes, before anyone waits for its end
      ended.promise.catch(() => {});
      segments.set(id, ended);
      if (socket.readyState > WebSocket.OPEN) ended.reject(new Error("Cartesia's socket is closed"));
      const send = async (frame: object): Promise<void> => {
        await opened;
        socket.send(JSON.stringify({ ...SETTINGS, context_id: id, ...frame }));
      };
      let [unsaid, said] = ["", false];
      return {
        say(text) {
          if (!segments.has(id)) return;
          const sentences = (unsaid + text).split(/(?<=[.!?]\s)/);
          unsaid = sentences.pop() ?? "";
          for (const sentence of sentences) {
            said = true;
            send({ transcript: sentence, continue: true });
            // numbers the audio by sentence: whoever is interrupted knows what was heard
            send({ transcript: "", continue: true, flush: true });
          }
        },
        async end() {
          if (!segments.has(id) || (!said && unsaid.trim() === "")) return;
          said = true;
          send({ transcript: unsaid, continue: false });
          await ended.promise;
        },
        cancel() {
          if (!segments.delete(id)) return;
          if (said) send({ cancel: true });
          ended.resolve();
        },
      };
    },
    close() {
      if (socket.readyState === WebSocket.OPEN) {
        for (const id of segments.keys()) socket.send(JSON.stringify({ context_id: id, cancel: true }));
      }
      socket.close();
    },
  };
}

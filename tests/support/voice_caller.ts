/** A caller of a voice agent. */

// @ts-types="@types/ws"
import { WebSocket } from "ws";
import type { Duplex } from "node:stream";

/** What a caller heard. */
export interface Heard {
  /** The text of the answer. */
  readonly text: string;
  /** Bytes of audio that came before it. */
  readonly audioBytes: number;
}

/** A line to an agent. */
export interface Line {
  /** Asks, and listens until the answer's text has come. Answers come in the order of questions. */
  ask(question: string): Promise<Heard>;
  /** Hangs up. */
  close(): Promise<void>;
  /** Is gone, without a close. */
  vanish(): void;
  /** Sends what is no frame, as its opcode is reserved, and nothing more. */
  garble(): void;
  /** Resolves with the code when the line is closed, by whomever. */
  readonly closed: Promise<number>;
}

/** Calls. */
export async function openLine(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Line> {
  const socket = new WebSocket(url, { headers });
  socket.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<void>();
  let wire: Duplex;
  socket.once("upgrade", (response) => wire = response.socket);
  socket.once("open", opened.resolve);
  // an error of a line that is open is followed by its close
  socket.on("error", opened.reject);
  const asked: PromiseWithResolvers<Heard>[] = [];
  let audioBytes = 0;
  socket.on("message", (data: ArrayBuffer | Uint8Array, isBinary) => {
    if (isBinary) {
      audioBytes += data.byteLength;
      return;
    }
    asked.shift()?.resolve({ text: new TextDecoder().decode(data), audioBytes });
    audioBytes = 0;
  });
  const closed = new Promise<number>((resolve) =>
    socket.once("close", (code) => {
      resolve(code);
      for (const { reject } of asked) reject(new Error(`The line was closed with ${code}`));
    })
  );
  await opened.promise;
  return {
    ask(question) {
      const answer = Promise.withResolvers<Heard>();
      asked.push(answer);
      socket.send(question);
      return answer.promise;
    },
    async close() {
      socket.close();
      await closed;
    },
    vanish: () => socket.terminate(),
    garble: () => void wire.end(Uint8Array.of(0x83, 0x80, 0, 0, 0, 0)),
    closed,
  };
}

/** Asks one question, and hangs up. */
export async function askBySocket(url: string, question: string): Promise<Heard> {
  const line = await openLine(url);
  const heard = await line.ask(question);
  await line.close();
  return heard;
}

/** A caller of a voice agent. */

/** What a caller heard. */
export interface Heard {
  /** The first text that came. */
  readonly text: string;
  /** Bytes of audio that came before it. */
  readonly audioBytes: number;
}

/** Asks by a socket, listens until the answer's text has come, and hangs up. */
export async function askBySocket(url: string, question: string): Promise<Heard> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  await new Promise((resolve) => socket.onopen = resolve);
  let audioBytes = 0;
  const answered = new Promise<Heard>((resolve) => {
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") resolve({ text: data, audioBytes });
      else audioBytes += data.byteLength;
    };
  });
  socket.send(question);
  const heard = await answered;
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
  return heard;
}

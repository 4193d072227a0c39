/** A caller of a voice agent. */

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
  /** Resolves when the line is closed, by whomever. */
  readonly closed: Promise<CloseEvent>;
}

/** Calls. */
export async function openLine(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Line> {
  const socket = new WebSocket(url, { headers } as never);
  socket.binaryType = "arraybuffer";
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.onerror = null;
  const asked: PromiseWithResolvers<Heard>[] = [];
  let audioBytes = 0;
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") {
      audioBytes += data.byteLength;
      return;
    }
    asked.shift()?.resolve({ text: data, audioBytes });
    audioBytes = 0;
  };
  const closed = new Promise<CloseEvent>((resolve) =>
    socket.onclose = (event) => {
      resolve(event);
      for (const { reject } of asked) reject(new Error(`The line was closed with ${event.code}`));
    }
  );
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

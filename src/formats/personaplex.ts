/**
 * PersonaPlex, a model that listens and speaks at once, on a server of one's own. The whole conversation is one
 * attempt: audio comes all the time, silence too, and nothing says where an answer begins or ends. So no latency is
 * claimed either: when the first audio came says nothing of an answer.
 *
 * | field   | bytes         | what                                                                      |
 * | ------- | ------------- | ------------------------------------------------------------------------- |
 * | kind    | 1             | 0 ready, 1 audio, 2 a piece of the answer's text, 5 an error's words      |
 * | payload | what is left  | of audio a piece of an Ogg stream of Opus, which pages do not align with  |
 *
 * @see {@link https://github.com/NVIDIA/personaplex}
 * @module
 */

import { SentAudio } from "../hearing.ts";
import type { SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import { measureAudio } from "../wire/audio.ts";

const AUDIO = 1;
const ERROR = 5;

/** The socket format. */
export function personaplexChat(): SocketFormat {
  return { name: "personaplex", readsBlobs: true, open: (_request, sinks) => open(sinks) };
}

function open(sinks: SocketSinks): SocketReader {
  const whole = sinks.whole();
  const sent = new SentAudio(sinks, { encoding: "ogg" });
  const came = measureAudio({ encoding: "ogg" });
  whole.note({ operationName: "generate_content" });
  return {
    sent(frame) {
      if (frame instanceof Uint8Array && frame[0] === AUDIO) sent.bytes(frame.subarray(1));
    },
    received(frame) {
      if (!(frame instanceof Uint8Array)) return;
      if (frame[0] === AUDIO) whole.addAudio(came.push(frame.subarray(1)));
      else if (frame[0] === ERROR) sinks.fail({ type: "error" });
    },
  };
}

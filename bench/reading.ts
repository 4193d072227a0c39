/**
 * What it costs to read a stream's chunks: all parsed, against those only that may say something new.
 *
 * @module
 */

import { openaiChat } from "../src/formats/openai_chat.ts";
import type { Reader, Sink } from "../src/types.ts";
import { readAnswer } from "../src/wire/answer.ts";
import type { Contender } from "./compare.ts";
import { measureWork } from "./work.ts";

const format = openaiChat();
const response = { status: 200, headers: new Headers({ "content-type": "text/event-stream" }) };

/** The same chunks, read in each way. */
export function contendToRead(chunks: number, streams: number): Contender[] {
  const pieces = Array.from({ length: chunks }, (_, index) => chunk(index));
  const contend = (name: string, open: (sink: Sink) => Reader): Contender => ({
    name,
    run: () =>
      measureWork(() => {
        let bytes = 0;
        for (let stream = 0; stream < streams; stream++) {
          const reader = open(ignore);
          for (const piece of pieces) {
            reader.push(piece);
            bytes += piece.length;
          }
          reader.end();
        }
        return Promise.resolve({ reads: chunks * streams, bytes });
      }),
  });
  return [
    contend("every chunk parsed", (sink) => readAnswer(response, sink, format.open(sink))),
    contend("news parsed, as shipped", (sink) => format.read(response, sink)),
  ];
}

function chunk(index: number): Uint8Array {
  const delta = { content: ` word${index}` };
  const json = JSON.stringify({
    id: "chatcmpl-BfKt0aTeespanBench",
    object: "chat.completion.chunk",
    created: 1790000000,
    model: "gpt-5-mini-2026-02-01",
    service_tier: "default",
    system_fingerprint: "fp_0123456789",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
    usage: null,
    obfuscation: "x".repeat(index % 9 + 1),
  });
  return new TextEncoder().encode(`data: ${json}\n\n`);
}

const ignore: Sink = {
  noteRequestId() {},
  output() {},
  note() {},
  fail() {},
  addCharacters() {},
  addAudio() {},
  complete() {},
  cancel() {},
  unread() {},
  passOver() {},
};

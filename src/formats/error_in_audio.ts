/**
 * An error in the midst of audio: the ASCII bytes `--ERROR:QUOTA_EXCEEDED--` where a status can no longer say it.
 *
 * @see {@link https://docs.async.ai/text-to-speech-stream-16699696e0}
 * @module
 */

import type { HttpFormat, Reader, Sink } from "../types.ts";
import { join } from "../wire/held.ts";

const DASH = 0x2d;
const BEGINNING = "--ERROR:";
const WHOLE = /^--ERROR:([A-Z\d_]{1,64})--/;
const UNFINISHED = /^--ERROR:[A-Z\d_]{0,64}-?$/;

/** Bytes of the longest error. */
const MAX_BYTES = 74;

/** That format, for a provider who writes errors into the audio. */
export function errorInAudio(format: HttpFormat): HttpFormat {
  return {
    name: format.name,
    request: (request) => format.request(request),
    read(response, sink, request) {
      const reader = format.read(response, sink, request);
      return response.status < 400 ? passAudio(reader, sink) : reader;
    },
  };
}

/** Hands on what is audio, and keeps back what may be the beginning of an error. */
function passAudio(reader: Reader, sink: Sink): Reader {
  let held: Uint8Array = new Uint8Array(0);
  let failed = false;
  return {
    push(chunk) {
      if (failed) return;
      const bytes = held.length === 0 ? chunk : join([held, chunk]);
      const at = findError(bytes);
      reader.push(bytes.subarray(0, at));
      held = bytes.slice(at);
      const error = WHOLE.exec(ascii(held))?.[1];
      if (error === undefined) return;
      failed = true;
      held = new Uint8Array(0);
      sink.fail({ type: error });
    },
    end() {
      reader.push(held);
      reader.end();
    },
  };
}

/** Where an error begins, or what the end cuts short may be one; the length where there is none. */
function findError(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(DASH); at !== -1; at = bytes.indexOf(DASH, at + 1)) {
    if (at + 1 < bytes.length && bytes[at + 1] !== DASH) continue;
    const text = ascii(bytes.subarray(at));
    if (WHOLE.test(text) || UNFINISHED.test(text) || BEGINNING.startsWith(text)) return at;
  }
  return bytes.length;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, MAX_BYTES));
}

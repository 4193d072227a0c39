/**
 * JSON lines, on bytes: a value on each line.
 *
 * @see {@link https://jsonlines.org}
 * @module
 */

import type { Reader } from "../types.ts";
import { BoundedBytes, NO_BYTES, type OverflowListener } from "./held.ts";
import { MAX_PIECE_BYTES } from "./sse.ts";

/** What takes the lines. */
export interface JsonLinesOptions extends OverflowListener {
  /** A line that is not blank, without its end, valid only during the call. */
  onLine(data: Uint8Array): void;
  /**
   * The largest line that is kept, in bytes.
   *
   * @default 4 MiB
   */
  readonly maxLineBytes?: number | undefined;
}

const LF = 0x0a;
const SPACE = 0x20;

/** Reads JSON lines. LF and CRLF end a line, blank lines are passed over, the last line needs no end. */
export function readJsonLines(options: JsonLinesOptions): Reader {
  const { onLine, maxLineBytes = MAX_PIECE_BYTES } = options;
  /** The unfinished line. */
  const held = new BoundedBytes(maxLineBytes, options);

  function takeLine(end: Uint8Array): void {
    const line = held.take(end);
    // a CR before the LF is space to JSON
    if (line?.some((byte) => byte > SPACE)) onLine(line);
  }

  return {
    push(chunk) {
      let start = 0;
      for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
        takeLine(chunk.subarray(start, lf));
        start = lf + 1;
      }
      if (start < chunk.length) held.push(chunk.subarray(start));
    },
    end: () => takeLine(NO_BYTES),
  };
}

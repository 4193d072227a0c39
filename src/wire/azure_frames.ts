/**
 * Messages of Azure Speech: lines of headers and a body, in a frame of text or of bytes.
 *
 * | field of a text frame | what                                        |
 * | --------------------- | ------------------------------------------- |
 * | header                | lines of `Name: value`, each ended by CR LF |
 * | end of the header     | an empty line: CR LF                        |
 * | body                  | text, mostly JSON                           |
 *
 * | field of a binary frame | bytes         | what                                         |
 * | ----------------------- | ------------- | -------------------------------------------- |
 * | header length           | 2, big endian | of the header                                |
 * | header                  | header length | lines of `Name: value`, each ended by CR LF  |
 * | body                    | what is left  | mostly audio; none ends it                   |
 *
 * @see {@link https://github.com/microsoft/cognitive-services-speech-sdk-js}
 * @module
 */

import type { Frame } from "../types.ts";
import { asObject, type JsonObject, parseJson, parseJsonText } from "./json.ts";

/** A message: what it is, which turn it is of, its body. */
export interface AzureMessage {
  /** What it is, in small letters: `turn.start`, `audio`. */
  readonly path: string;
  /** The turn's id, as the client made it. */
  readonly requestId: string;
  /** The body of a text frame. */
  readonly text: string;
  /** The body of a binary frame; part of that frame's memory. */
  readonly bytes: Uint8Array;
}

/** Names of headers are written in any case. */
const PATH = /^path:(.*)$/im;
const REQUEST_ID = /^x-requestid:(.*)$/im;

const HEADER_LENGTH_BYTES = 2;
const NO_BYTES = new Uint8Array(0);
const NO_MESSAGE: AzureMessage = { path: "", requestId: "", text: "", bytes: NO_BYTES };
const decoder = new TextDecoder();

/** Reads the message in a frame; one without a path where there is none. */
export function readAzureMessage(frame: Frame): AzureMessage {
  if (typeof frame === "string") {
    const end = frame.indexOf("\r\n\r\n");
    return { ...readHeader(frame.slice(0, Math.max(0, end))), text: frame.slice(end + 4), bytes: NO_BYTES };
  }
  if (!(frame instanceof Uint8Array) || frame.length < HEADER_LENGTH_BYTES) return NO_MESSAGE;
  const end = HEADER_LENGTH_BYTES + (frame[0]! << 8 | frame[1]!);
  const header = decoder.decode(frame.subarray(HEADER_LENGTH_BYTES, end));
  return { ...readHeader(header), text: "", bytes: frame.subarray(end) };
}

/** The JSON object in a message, whatever framed it. */
export function azureJson({ text, bytes }: Pick<AzureMessage, "text" | "bytes">): JsonObject | undefined {
  return asObject(bytes.length > 0 ? parseJson(bytes) : parseJsonText(text));
}

function readHeader(header: string): Pick<AzureMessage, "path" | "requestId"> {
  const valueOf = (line: RegExp): string => line.exec(header)?.[1]?.trim() ?? "";
  return { path: valueOf(PATH).toLowerCase(), requestId: valueOf(REQUEST_ID) };
}

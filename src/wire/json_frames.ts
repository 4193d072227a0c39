/**
 * Frames of a socket that are JSON objects, and bytes beside them.
 *
 * @module
 */

import type { Frame, SocketReader } from "../types.ts";
import { asObject, type JsonObject, parseJson, parseJsonText } from "./json.ts";

/** Takes bytes that were sent. */
export interface SentBytes {
  /** Bytes. */
  bytes(bytes: Uint8Array): void;
  /** A `Blob`, whose bytes nobody sees in time. */
  blob(size: number): void;
}

/** What a protocol of JSON frames is told. What it does not ask for is passed over. */
export interface JsonFrames {
  /** The caller sent an object. */
  sent?(frame: JsonObject): void;
  /** Takes the bytes that the caller sent: audio to be heard. */
  readonly audio?: SentBytes | undefined;
  /** The caller sent text that is no object. */
  sentText?(text: string): void;
  /** An object came. */
  received(frame: JsonObject): void;
  /** Bytes came. */
  binary?(bytes: Uint8Array): void;
  /** A `Blob` came, whose bytes nobody sees in time. */
  blob?(size: number): void;
  /** The socket closed. */
  closed?(code: number): void;
  /**
   * Whether objects may come, and go, as bytes of UTF-8 text.
   *
   * @default false: bytes are bytes
   */
  readonly binaryJson?: boolean | undefined;
}

/** A reader of JSON frames. */
export function readJsonFrames(frames: JsonFrames): SocketReader {
  return new JsonFrameReader(frames);
}

class JsonFrameReader implements SocketReader {
  readonly #frames: JsonFrames;

  constructor(frames: JsonFrames) {
    this.#frames = frames;
  }

  sent(frame: Frame): void {
    const frames = this.#frames;
    if (isBlob(frame)) return frames.audio?.blob(frame.size);
    const json = this.#objectOf(frame);
    if (json !== undefined) frames.sent?.(json);
    else if (typeof frame === "string") frames.sentText?.(frame);
    else frames.audio?.bytes(frame);
  }

  received(frame: Frame): void {
    const frames = this.#frames;
    if (isBlob(frame)) return frames.blob?.(frame.size);
    const json = this.#objectOf(frame);
    if (json !== undefined) frames.received(json);
    else if (typeof frame !== "string") frames.binary?.(frame);
  }

  closed(code: number): void {
    this.#frames.closed?.(code);
  }

  #objectOf(frame: string | Uint8Array): JsonObject | undefined {
    if (typeof frame === "string") return asObject(parseJsonText(frame));
    return this.#frames.binaryJson ? asObject(parseJson(frame)) : undefined;
  }
}

function isBlob(frame: Frame): frame is Exclude<Frame, string | Uint8Array> {
  return typeof frame === "object" && !(frame instanceof Uint8Array);
}

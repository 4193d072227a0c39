/**
 * Frames of a socket that are JSON objects, and bytes beside them.
 *
 * @module
 */

import type { SocketReader } from "../types.ts";
import { asObject, type JsonObject, parseJson, parseJsonText } from "./json.ts";

/** What a protocol of JSON frames is told. What it does not ask for is passed over. */
export interface JsonFrames {
  /** The caller sent an object. */
  sent?(frame: JsonObject): void;
  /** The caller sent bytes: audio to be heard. */
  sentBinary?(bytes: Uint8Array): void;
  /** The caller sent a `Blob`, whose bytes nobody sees in time. */
  sentBlob?(size: number): void;
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
  const objectOf = (frame: string | Uint8Array): JsonObject | undefined =>
    asObject(
      typeof frame === "string" ? parseJsonText(frame) : frames.binaryJson ? parseJson(frame) : undefined,
    );
  return {
    sent(frame) {
      if (typeof frame === "object" && !(frame instanceof Uint8Array)) return frames.sentBlob?.(frame.size);
      const json = objectOf(frame);
      if (json !== undefined) frames.sent?.(json);
      else if (typeof frame === "string") frames.sentText?.(frame);
      else frames.sentBinary?.(frame);
    },
    received(frame) {
      if (typeof frame === "object" && !(frame instanceof Uint8Array)) return frames.blob?.(frame.size);
      const json = objectOf(frame);
      if (json !== undefined) frames.received(json);
      else if (typeof frame !== "string") frames.binary?.(frame);
    },
    ...frames.closed && { closed: frames.closed },
  };
}

/** How an emulated answer breaks. */
export type EmulatedFault =
  | {
    /**
     * `reset` breaks the connection so that the client sees an error; `truncate` closes it without the end of
     * the body; `stall` sends nothing more until the client leaves or the emulator closes.
     */
    readonly kind: "reset" | "truncate" | "stall";
    /** After how many bytes of the body; at the end of the body if that is shorter. */
    readonly afterBytes: number;
  }
  | {
    /** `reset` breaks the connection in place of an answer; `stall` gives none. */
    readonly kind: "reset" | "stall";
    /** Before any header. */
    readonly beforeHeaders: true;
  };

/** One answer of an emulated provider. */
export interface EmulatedResponse {
  /**
   * Status of the answer.
   *
   * @default {200}
   */
  readonly status?: number | undefined;
  /**
   * Headers of the answer; a list repeats the header. The body is sent chunked unless a `content-length` is
   * given.
   */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** The body; each element of a list is one transport chunk (of 64 KiB at most). */
  readonly body?:
    | string
    | Uint8Array
    | readonly (string | Uint8Array)[]
    | AsyncIterable<Uint8Array | string>
    | undefined;
  /** Where the body is split into transport chunks besides: offsets in bytes of the body as it is sent. */
  readonly cutAt?: readonly number[] | undefined;
  /**
   * Longest transport chunk, in bytes.
   *
   * @default {65536}
   */
  readonly chunkBytes?: number | undefined;
  /**
   * Pause between chunks, in milliseconds.
   *
   * @default {0}
   */
  readonly paceMs?: number | undefined;
  /**
   * Pause before the headers, in milliseconds.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /**
   * Compresses the body, flushed at each element, so that a client can read it as it comes. Offsets and sizes
   * are then those of compressed bytes.
   *
   * @default {false}
   */
  readonly gzip?: boolean | undefined;
  /** How the answer breaks, if it does. */
  readonly fault?: EmulatedFault | undefined;
}

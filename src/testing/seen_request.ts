/** One request as an emulator saw it, and what became of its answer. */
export interface SeenRequest {
  /** Place in the order of arrival, from 0. */
  readonly index: number;
  /** Method, in upper case. */
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** URL at the emulator. */
  readonly url: string;
  /** Host that the client asked for: that of the original URL if it came through the emulator's `fetch`. */
  readonly host: string;
  /** Headers by lower-case name; repeated ones are joined. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; complete when `respond` is called. */
  readonly body: Uint8Array;
  /** When the headers had arrived, in milliseconds on the clock of `performance.now()`. */
  readonly receivedAt: number;
  /** How many bytes of the body were handed to the socket. */
  readonly bytesSent: number;
  /** In how many chunks. */
  readonly chunksSent: number;
  /**
   * `open` while the answer is being given; `complete` when all of it was handed to the system; `cancelled` when the
   * client left before (a stalled answer included); `fault` when the emulator broke it, by order or as it was
   * closed.
   */
  readonly outcome: "open" | "complete" | "cancelled" | "fault";
  /**
   * When the answer was complete or the client was seen to have left, in milliseconds on the clock of
   * `performance.now()`; `undefined` while open.
   */
  readonly endedAt: number | undefined;
  /** Resolves when `outcome` is no longer `open`. */
  readonly ended: Promise<void>;
  /** The body as text. */
  text(): string;
  /**
   * The body as JSON.
   *
   * @throws {SyntaxError} when it is none
   */
  json(): unknown;
}

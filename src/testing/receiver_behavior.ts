/** How a receiver answers well-formed export requests. */
export interface ReceiverBehavior {
  /**
   * Status of the answer. Spans, metrics and logs of a request that is not answered with 2xx are not kept.
   *
   * @default {200}
   */
  readonly status?: number | undefined;
  /** Headers added to the answer, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Body of the answer.
   *
   * @default an export response, or for a status other than 2xx a status message, in the request's encoding
   */
  readonly body?: string | Uint8Array | undefined;
  /**
   * Pause before the answer, in milliseconds.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /** Takes the request and never answers; nothing of it is kept. */
  readonly hang?: true | undefined;
  /** Resets the connection in place of an answer; nothing of it is kept. */
  readonly reset?: true | undefined;
  /**
   * Says in a 2xx answer that some records were rejected; that many at the end of the request are not kept.
   */
  readonly partialSuccess?:
    | { readonly rejectedSpans: number; readonly errorMessage?: string | undefined }
    | undefined;
  /**
   * For how many requests this holds, after which requests are answered normally again.
   *
   * @default {Infinity}
   */
  readonly times?: number | undefined;
}

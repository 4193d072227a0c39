/**
 * What ties one call to its attempt: the response, its body, and whoever forgets to read it.
 *
 * @module
 */

import { replaceBody } from "../stream/response.ts";
import { shield, type TroubleHandler } from "../stream/shield.ts";
import { type BodyObserver, teeBody } from "../stream/tee.ts";
import type { Attempt } from "../telemetry/attempt/attempt.ts";
import type { CallRequest, CallResponse, Failure, HttpFormat, Reader } from "../types.ts";

/** One call under observation. */
export interface Observation {
  /** Its attempt. */
  readonly attempt: Attempt;
  /** How its bytes are read. */
  readonly format: HttpFormat;
  /** What was asked, of a call over HTTP that could be read. */
  readonly request?: CallRequest | undefined;
  /** Response headers that carry an id. */
  readonly requestIdHeaders: readonly string[];
  /** What aborts it. */
  readonly signal: AbortSignal | undefined;
  /** Told of trouble. */
  readonly onTrouble: TroubleHandler;
}

/** Ends the attempt with what was thrown. */
export function endOnError(attempt: Attempt, error: unknown, signal: AbortSignal | undefined): void {
  const failure = failureOf(error, signal);
  attempt.end(failure === undefined ? "cancelled" : "error", failure);
}

/** The failure that was thrown; `undefined` for a wish to stop. A timeout is no wish. */
export function failureOf(error: unknown, signal: AbortSignal | undefined): Failure | undefined {
  const type = errorType(signal?.aborted ? signal.reason : error);
  return signal?.aborted && type !== "TimeoutError" ? undefined : { type };
}

/** Reads the response's headers and gives back a response whose body is read as it passes. */
export function observeResponse(observation: Observation, response: Response): Response {
  const { attempt, format, request, signal } = observation;
  noteResponse(observation, response);
  // an empty body that says so is often left unread
  if (response.body === null || !mayHaveBody(response) || response.headers.get("content-length") === "0") {
    attempt.end("success");
    return response;
  }
  return replaceBody(
    response,
    observeBody(observation, response.body, format.read(response, attempt, request)),
    signal,
  );
}

/** Whether a response with that status can be made: Chromium gives a body even to those that have none. */
function mayHaveBody({ status }: Response): boolean {
  return status >= 200 && status <= 599 && status !== 204 && status !== 205 && status !== 304;
}

/** Notes what the status and the headers say. */
export function noteResponse(
  { attempt, requestIdHeaders }: Observation,
  { status, headers }: CallResponse,
): void {
  attempt.respond(status);
  for (const header of requestIdHeaders) {
    const id = headers.get(header);
    if (id !== null) attempt.noteRequestId(id, "request");
  }
}

/** Gives back a body that is read as it passes. */
export function observeBody(
  observation: Observation,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  reader: Reader,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const observer = new ReadingObserver(observation, reader);
  const observed = teeBody(body, observer, observation.signal);
  observer.watch(observed);
  return observed;
}

/** What reads a body, and ends its attempt with it. Then it holds on to neither, however long the body is kept. */
export class ReadingObserver implements BodyObserver {
  readonly #signal: AbortSignal | undefined;
  readonly #onTrouble: TroubleHandler;
  #attempt: Attempt | undefined;
  #reader: Reader | undefined;

  /** Shows the body of a call to `reader`. */
  constructor({ attempt, signal, onTrouble }: Observation, reader: Reader) {
    this.#signal = signal;
    this.#onTrouble = onTrouble;
    this.#attempt = attempt;
    this.#reader = reader;
  }

  /** Ends the attempt when nobody can read that body any more. */
  watch(body: object): void {
    shield("record", this.#onTrouble, () => unreadBodies?.register(body, this));
  }

  chunk(bytes: Uint8Array): void {
    shield("record", this.#onTrouble, () => this.#attempt?.reading());
    this.#read((reader) => reader.push(bytes));
  }

  end(): void {
    this.#read((reader) => reader.end());
    this.#end((attempt) => attempt.end("success"));
  }

  cancel(): void {
    this.#end((attempt) => attempt.end("cancelled"));
  }

  error(reason: unknown): void {
    this.#end((attempt) => endOnError(attempt, reason, this.#signal));
  }

  /** Nobody read it to its end. */
  abandon(): void {
    this.#end((attempt) => attempt.end("abandoned"));
  }

  /** A reader that threw once is not asked again; the attempt still ends. */
  #read(work: (reader: Reader) => void): void {
    const reader = this.#reader;
    if (!reader || this.#attempt?.ended !== false) return;
    this.#reader = undefined;
    shield("read", this.#onTrouble, () => {
      work(reader);
      this.#reader = reader;
    });
  }

  #end(work: (attempt: Attempt) => void): void {
    const attempt = this.#attempt;
    this.#attempt = this.#reader = undefined;
    if (attempt) shield("record", this.#onTrouble, () => work(attempt));
  }
}

/** A body that nobody can read any more ends its attempt. Runtimes without the registry wait for the session's end. */
const unreadBodies = typeof FinalizationRegistry === "function"
  ? new FinalizationRegistry<ReadingObserver>((observer) => observer.abandon())
  : undefined;

/** The class of an error, fit for grouping: a system code where there is one, else its name. Never its message. */
function errorType(error: unknown): string {
  const { code, cause, name } = Object(error) as {
    code?: unknown;
    cause?: { code?: unknown };
    name?: unknown;
  };
  const types = [cause?.code, code, name];
  return types.find((type): type is string => typeof type === "string" && /^[A-Za-z]\w{0,63}$/.test(type)) ??
    "Error";
}

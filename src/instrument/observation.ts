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
  const { attempt, format, request } = observation;
  noteResponse(observation, response);
  // an empty body that says so is often left unread
  if (response.body === null || response.headers.get("content-length") === "0") {
    attempt.end("success");
    return response;
  }
  return replaceBody(
    response,
    observeBody(observation, response.body, format.read(response, attempt, request)),
  );
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
  const observed = teeBody(body, bodyObserver(observation, reader), observation.signal);
  endUnread(observation, observed);
  return observed;
}

/** Ends the attempt when nobody can read its body any more. */
export function endUnread({ attempt, onTrouble }: Observation, body: object): void {
  shield("record", onTrouble, () => unreadBodies?.register(body, attempt));
}

/** What reads a body, and ends its attempt with it. */
export function bodyObserver({ attempt, signal, onTrouble }: Observation, reader: Reader): BodyObserver {
  return new ReadingObserver(attempt, reader, signal, onTrouble);
}

class ReadingObserver implements BodyObserver {
  readonly #attempt: Attempt;
  readonly #reader: Reader;
  readonly #signal: AbortSignal | undefined;
  readonly #onTrouble: TroubleHandler;
  #readable = true;

  constructor(attempt: Attempt, reader: Reader, signal: AbortSignal | undefined, onTrouble: TroubleHandler) {
    this.#attempt = attempt;
    this.#reader = reader;
    this.#signal = signal;
    this.#onTrouble = onTrouble;
  }

  chunk(bytes: Uint8Array): void {
    this.#record(() => this.#attempt.reading());
    this.#read(() => this.#reader.push(bytes));
  }

  end(): void {
    this.#read(() => this.#reader.end());
    this.#record(() => this.#attempt.end("success"));
  }

  cancel(): void {
    this.#record(() => this.#attempt.end("cancelled"));
  }

  error(reason: unknown): void {
    this.#record(() => endOnError(this.#attempt, reason, this.#signal));
  }

  /** A reader that threw once is not asked again; the attempt still ends. */
  #read(work: () => void): void {
    if (!this.#readable || this.#attempt.ended) return;
    this.#readable = false;
    shield("read", this.#onTrouble, () => {
      work();
      this.#readable = true;
    });
  }

  #record(work: () => void): void {
    shield("record", this.#onTrouble, work);
  }
}

/** A body that nobody can read any more ends its attempt. Runtimes without the registry wait for the session's end. */
const unreadBodies = typeof FinalizationRegistry === "function"
  ? new FinalizationRegistry<Attempt>((attempt) => attempt.end("abandoned"))
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

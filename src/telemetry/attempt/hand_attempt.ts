/**
 * Attempts by hand: for what passes neither `fetch` nor `WebSocket`, such as gRPC, a model on the device, a
 * platform's binding.
 *
 * @module
 */

import { type Context, context } from "@opentelemetry/api";
import type { ContentSink, Facts, Operation, OutputKind, RequestIdKind, TurnSink } from "../../types.ts";
import { type Attempt, openAttempt } from "./attempt.ts";
import type { AttemptOrigin } from "./attempt_state.ts";
import { failureOf } from "./failure.ts";
import { clockIn } from "../clock.ts";
import { disposable, type Undisposable } from "../disposable.ts";
import { groupOf, parentOf } from "../group.ts";
import { Hearing } from "../turn/hearing.ts";
import { targetOf } from "./target.ts";
import { keepId, NO_IDS, textsOf } from "./request_ids.ts";
import type { AttemptScope } from "../scope.ts";
import { eventName } from "../../semconv.ts";
import { turnsOfConnection } from "../turn/user_turns.ts";

/** What is known of an attempt that is made by hand. */
export interface HandAttemptStart extends Facts {
  /** What it does. */
  readonly operation: Operation;
  /** Whose it is, as `gen_ai.provider.name`. */
  readonly provider: string;
  /** The model that is asked for. */
  readonly model?: string | undefined;
  /** Where it goes, where it goes over a network. Recorded without secrets. */
  readonly url?: string | URL | undefined;
}

/** An attempt that is made by hand. Nothing of it throws, and what comes after its end is passed over. */
export interface HandAttempt extends Disposable {
  /** The context of its span. */
  readonly context: Context;
  /** Runs `fn` in its context, where the runtime carries contexts. */
  run<T>(fn: () => T): T;
  /** Notes an id that the provider knows: it made it, or it was sent it. */
  noteRequestId(id: string, kind?: RequestIdKind): void;
  /** Notes a piece of output. The first one gives the time to first output. */
  output(kind: OutputKind): void;
  /** Notes facts, such as usage; later ones replace earlier ones. */
  note(facts: Facts): void;
  /** So much more audio was sent to be heard, in seconds. */
  audioSent(seconds: number): void;
  /** Takes its words, where `content` asks for them. */
  readonly content: ContentSink | undefined;
  /** What was heard of a turn of the user, of recognition and of realtime models. */
  turn(key?: string): TurnSink;
  /** It was answered with that status, HTTP's. */
  respond(status: number): void;
  /** It failed: ends it. Of what is thrown, the class is recorded and no word of its message. */
  fail(error: unknown): void;
  /** The caller stopped it: ends it. */
  cancel(): void;
  /** Ends it well, with the last facts. A second end of any kind does nothing. */
  end(facts?: Facts): void;
}

/**
 * Starts an attempt by hand.
 *
 * @throws {TypeError} when what it does or whose it is is missing
 */
export function startAttempt(scope: AttemptScope, start: HandAttemptStart): HandAttempt {
  const { operation, provider, model, url, ...facts } = start;
  check(start);
  const parent = parentOf(scope.activeContext(), scope.home, operation);
  const target = url === undefined ? undefined : targetOf(new URL(url));
  const attempt = new ManualAttempt(scope, { operation, providerName: provider, target }, parent);
  attempt.note({ requestModel: model, ...facts });
  return disposable(attempt, () => attempt.abandon());
}

/** The turn of an attempt that is over. */
const NO_TURN: TurnSink = {
  noteRequestId() {},
  speechStarted() {},
  speechStopped() {},
  transcript() {},
  endOfTurn() {},
  commit() {},
  settle() {},
  clear() {},
};

class ManualAttempt implements Undisposable<HandAttempt> {
  readonly context: Context;
  readonly #attempt: Attempt;
  #ids = NO_IDS;
  readonly #hearing: Hearing;

  constructor(scope: AttemptScope, origin: AttemptOrigin, parent: Context) {
    const attempt = openAttempt(scope, origin, parent, {
      ending: () => this.#hearing.record(),
      speechStart: () => this.#hearing.speechStart,
    });
    this.context = attempt.context;
    this.#attempt = attempt;
    const turns = groupOf(parent)?.session.userTurns ?? turnsOfConnection(scope, () => attempt.context);
    this.#hearing = new Hearing(turns, clockIn(this.context, scope.clock), {
      recognizer: () => ({ providerName: origin.providerName, model: attempt.requestModel }),
      connectionIds: () => textsOf(this.#ids),
      record: (attributes, at) => attempt.event(eventName.userTurn, attributes, at),
    });
  }

  run<T>(fn: () => T): T {
    return context.with(this.context, fn);
  }

  noteRequestId(id: string, kind: RequestIdKind = "request"): void {
    this.#ids = keepId(this.#ids, id, kind);
    this.#attempt.noteRequestId(id, kind);
  }

  output(kind: OutputKind): void {
    this.#attempt.output(kind);
  }

  note(facts: Facts): void {
    this.#attempt.note(facts);
  }

  audioSent(seconds: number): void {
    this.#hearing.audioSent(seconds);
    this.#attempt.sendAudio(seconds);
  }

  get content(): ContentSink | undefined {
    return this.#attempt.content;
  }

  turn(key?: string): TurnSink {
    return this.#attempt.ended ? NO_TURN : this.#hearing.turn(key);
  }

  respond(status: number): void {
    this.#attempt.respond(status);
  }

  fail(error: unknown): void {
    this.#hearing.close();
    this.#attempt.end("error", failureOf(error));
  }

  cancel(): void {
    this.#hearing.close();
    this.#attempt.end("cancelled");
  }

  end(facts?: Facts): void {
    if (facts !== undefined) this.#attempt.note(facts);
    this.#hearing.close();
    this.#attempt.end("success");
  }

  abandon(): void {
    this.#hearing.close();
    this.#attempt.end("abandoned");
  }
}

const OPERATIONS: readonly Operation[] = ["llm", "tts", "stt", "realtime"];

function check({ operation, provider, url }: HandAttemptStart): void {
  const faulty = (what: string, value: unknown): never => {
    throw new TypeError(`Cannot start an attempt as ${what}: current value is ${JSON.stringify(value)}`);
  };
  if (!OPERATIONS.includes(operation)) faulty(`operation must be one of ${OPERATIONS.join(", ")}`, operation);
  if (typeof provider !== "string" || provider === "") {
    faulty("provider must be a text that is not empty", provider);
  }
  if (url !== undefined && !URL.canParse(String(url))) faulty("url must be an absolute URL", String(url));
}

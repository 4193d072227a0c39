/**
 * A session as a small text, to be gone on with in another isolate.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import type { Recognizer } from "../turn/recognition.ts";
import type { UserTurnMarks } from "../turn/turn_clock.ts";
import type { AttemptTally, ErrorTally } from "./summary.ts";
import type { TurnLatency } from "../turn/turn_latency.ts";
import type { ModelUsage } from "../usage/usage.ts";
import type { TurnDetection } from "../turn/user_turns.ts";

/** What is kept of a turn of the user. */
export interface SuspendedTurn {
  /** Its times. */
  readonly marks: UserTurnMarks;
  /** Its ids. */
  readonly ids: readonly string[];
  /** Whose recognition it was heard by. */
  readonly recognizer?: Recognizer | undefined;
  /** The confidences of its final transcripts: how many, and their sum. */
  readonly confidences: { readonly count: number; readonly sum: number };
  /** Whether its span ended, and only the answer is missing. */
  readonly ended?: boolean | undefined;
}

/** What is kept of a session. */
export interface SuspendedSession {
  /** Its id. */
  readonly id: string;
  /** The name of its span. */
  readonly name: string;
  /** The trace, the span, and the span above it. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly traceFlags: number;
  /** When it began, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** Attributes of its span. */
  readonly attributes: Attributes;
  /** Who decides that a turn is over. */
  readonly turnDetection?: TurnDetection | undefined;
  /** What was used. */
  readonly usage: readonly ModelUsage[];
  /** How attempts ended. */
  readonly attempts: AttemptTally;
  /** Failures. */
  readonly errors: readonly ErrorTally[];
  /** Figures of the newest turns, without their parts. */
  readonly turns: readonly TurnLatency[];
  /** The turn of the user that nobody answered yet. */
  readonly userTurn?: SuspendedTurn | undefined;
}

/** What a suspended session may weigh, in bytes: it has room in the attachment of a hibernating socket. */
const MAX_BYTES = 2047;

const VERSION = 1;

/** Characters of an attribute that leaves little room for others, and of a name that never does. */
const LONG = 512;
const SHORT = 64;

/** Writes a session, with as many of its newest figures as there is room for. Says what there was no room for. */
export function writeSession(
  session: SuspendedSession,
): { readonly text: string; readonly left: readonly string[] } {
  const left: string[] = [];
  const whole = {
    ...session,
    turns: [...session.turns],
    usage: [...session.usage],
    errors: [...session.errors],
    attributes: { ...session.attributes },
    userTurn: session.userTurn && { ...session.userTurn, ids: [...session.userTurn.ids] },
  };
  let text = seal(whole);
  const shrink = (what: string, step: () => boolean): void => {
    while (byteLength(text) > MAX_BYTES && step()) {
      if (!left.includes(what)) left.push(what);
      text = seal(whole);
    }
  };
  // what leaves no room for others goes before them
  shrink("attributes", () => dropLongest(whole.attributes, LONG));
  shrink("turns", () => whole.turns.shift() !== undefined);
  shrink("errors", () => whole.errors.pop() !== undefined);
  shrink("user turn", () => whole.userTurn?.ids.pop() !== undefined);
  shrink("usage", () => whole.usage.pop() !== undefined);
  shrink("attributes", () => dropLongest(whole.attributes));
  shrink("user turn", () => whole.userTurn !== undefined && !(whole.userTurn = undefined));
  shrink("name", () => whole.name.length > SHORT && Boolean(whole.name = half(whole.name)));
  shrink("id", () => whole.id.length > SHORT && Boolean(whole.id = half(whole.id)));
  return { text, left };
}

/**
 * Reads a session.
 *
 * @throws {TypeError} when the text is none, was changed, or was written by another version
 */
export function readSession(text: string): SuspendedSession {
  const fail = (why: string): never => {
    throw new TypeError(`Cannot resume the session as ${why}`);
  };
  if (typeof text !== "string") return fail("what is resumed must be the text that suspend() gave");
  const [, version, sum, json] = /^teespan(\d+)\.([\da-f]{8})\.(\{.*\})$/s.exec(text) ?? [];
  if (json === undefined) return fail("it is not the text that suspend() gave");
  if (Number(version) !== VERSION) {
    return fail(`it must be of version ${VERSION}: current value is ${version}`);
  }
  if (checksum(json) !== sum) return fail("its text was changed");
  const session = JSON.parse(json) as SuspendedSession;
  if (!/^[\da-f]{32}$/.test(session.traceId) || !/^[\da-f]{16}$/.test(session.spanId)) {
    return fail("its trace is malformed");
  }
  return session;
}

/** Prefix and version, a checksum, and the session. */
function seal(session: SuspendedSession): string {
  const json = JSON.stringify(
    session,
    (_, value) => typeof value === "number" ? Number(value.toPrecision(15)) : value,
  );
  return `teespan${VERSION}.${checksum(json)}.${json}`;
}

/** FNV-1a: tells a text that was cut or edited. It keeps nobody from writing another. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Drops the attribute that takes most room, if that is more than `least` characters. */
function dropLongest(attributes: Attributes, least = 0): boolean {
  const sizes = Object.entries(attributes).map(([name, value = ""]) =>
    [name, name.length + JSON.stringify(value).length] as const
  );
  const [longest] = sizes.toSorted(([, a], [, b]) => b - a);
  return longest !== undefined && longest[1] > least && delete attributes[longest[0]];
}

function half(text: string): string {
  return text.slice(0, Math.max(text.length >> 1, SHORT));
}

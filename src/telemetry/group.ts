/**
 * Attempts that belong together: those of a node, a turn, a session. Contexts carry the group, each group knows the
 * one around it.
 *
 * @module
 */

import { type Attributes, type Context, createContextKey } from "@opentelemetry/api";
import type { Operation, OutputKind } from "../types.ts";
import type { Attempt } from "./attempt/attempt.ts";
import type { Acquire, ConnectedTime } from "./attempt/attempt_metrics.ts";
import type { EndedAttempt, Retry, Used } from "./attempt/attempt_state.ts";
import type { Node } from "./turn/node.ts";
import type { Reconnects } from "./attempt/reconnects.ts";
import type { UserTurns } from "./turn/user_turns.ts";

/** Attempts that belong together. */
export interface AttemptGroup {
  /** The group around it; a session has none. */
  readonly outer?: AttemptGroup | undefined;
  /** The session to which it belongs. */
  readonly session: SessionShare;
  /** What measurements of its attempts say beside the rest. */
  readonly labels: Attributes;
  /** One began. Gives what is known of the tries before it. */
  attemptOpened(attempt: Attempt): Retry | undefined;
  /** One gave its first output of a kind, at that time. */
  attemptOutput(attempt: Attempt, kind: OutputKind, at: number): void;
  /** One ended. */
  attemptEnded(end: EndedAttempt): void;
  /** A node was opened in it. */
  nodeOpened(node: Node): void;
  /** A node ended. */
  nodeEnded(node: Node): void;
}

/** What all groups of a session share. */
export interface SessionShare {
  /** Attempts that have not ended. */
  readonly open: Set<Attempt>;
  /** The turns of its user. */
  readonly userTurns: UserTurns;
  /** Connections that are attempts, and come back. */
  readonly reconnects: Reconnects;
  /** A connection was acquired, or could not be. */
  acquired(acquire: Acquire): void;
  /** Something was used beside attempts: a transcription within a conversation. */
  used(used: Used): void;
  /** A connection closed whose time the provider bills. */
  connected(time: ConnectedTime): void;
  /** Where an attempt belongs that nobody placed: the turn or node that is under way, or the session itself. */
  contextFor(operation: Operation): Context;
  /** Where a node belongs that nobody placed: the turn that is under way, or the session itself. */
  readonly nodeContext: Context;
  /** The turn of the agent that is under way, if it was begun in that work inside the session. */
  turnIn(work: AttemptGroup): TurnInWork | undefined;
}

/** A turn of the agent, as whoever places attempts sees it. */
export interface TurnInWork {
  /** The context of its span. */
  readonly context: Context;
  /** Where in it an attempt belongs that nobody placed. */
  placeOf(operation: Operation): Context;
}

/** Where a context carries its group. */
const GROUP = createContextKey("teespan attempt group");

/** The context in which attempts belong to `group`. */
export function withGroup(parent: Context, group: AttemptGroup): Context {
  return parent.setValue(GROUP, group);
}

/** The group to which attempts in that context belong. */
export function groupOf(parent: Context): AttemptGroup | undefined {
  return parent.getValue(GROUP) as AttemptGroup | undefined;
}

/** Whether `inner` is `outer` or inside it. */
function isWithin(inner: AttemptGroup | undefined, outer: AttemptGroup): boolean {
  return inner !== undefined && (inner === outer || isWithin(inner.outer, outer));
}

/** The context of a connection that is made from `home`: what is active, if that is inside. */
export function homeOf(active: Context, home: Context | undefined): Context {
  const group = home && groupOf(home);
  return home === undefined || group && isWithin(groupOf(active), group) ? active : home;
}

/**
 * The parent of an attempt that is made from `home`: what is active, if that is inside; else the handle that made
 * it, and for a session what is under way in it.
 */
export function parentOf(active: Context, home: Context | undefined, operation: Operation): Context {
  const group = groupOf(home ?? active);
  // a response comes when the provider wants, whatever is active then
  if (operation === "realtime" && group !== undefined && group.outer === undefined) {
    return group.session.contextFor(operation);
  }
  if (home === undefined || group === undefined) return home ?? active;
  const within = groupOf(active);
  if (active !== home && isWithin(within, group)) {
    return group.session.turnIn(within!)?.placeOf(operation) ?? active;
  }
  return group.outer === undefined ? group.session.contextFor(operation) : home;
}

/** The parent of a node that is opened from `home`, likewise. */
export function nodeParentOf(active: Context, home: Context): Context {
  const group = groupOf(home)!;
  const within = groupOf(active);
  if (active !== home && isWithin(within, group)) return group.session.turnIn(within!)?.context ?? active;
  return group.outer === undefined ? group.session.nodeContext : home;
}

/**
 * What is measured of connections: for the scope, and for the session in which they are.
 *
 * @module
 */

import type { Context } from "@opentelemetry/api";
import { groupOf } from "../group.ts";
import type { AttemptScope } from "../scope.ts";
import type { Acquire, ConnectedTime } from "./attempt_metrics.ts";
import type { Used } from "./attempt_state.ts";

/** One was acquired, or could not be. */
export function measureAcquire({ metrics }: AttemptScope, parent: Context, acquire: Acquire): void {
  metrics.acquired(acquire);
  groupOf(parent)?.session.acquired(acquire);
}

/** One closed whose time the provider bills. */
export function measureTime({ metrics }: AttemptScope, parent: Context, time: ConnectedTime): void {
  const group = groupOf(parent);
  metrics.connected(time, group?.labels ?? {});
  group?.session.connected(time);
}

/** Something was used on one beside its attempts. */
export function measureUsed({ metrics }: AttemptScope, parent: Context, used: Used): void {
  const group = groupOf(parent);
  metrics.used(used, group?.labels ?? {});
  group?.session.used(used);
}

/**
 * One telemetry for the isolate: started when first asked for, and again only for other options.
 *
 * @module
 */

import type { Telemetry } from "./lite.ts";
import { startTelemetry, type TelemetryOptions } from "./start.ts";

/** Telemetry that runs, by what it was started with. */
const running = new Map<string, Telemetry>();

/** Numbers of what has no text: functions, exporters, classes. */
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/**
 * The telemetry that was started with these options; starts it if there is none.
 *
 * @param maker the function that made the options, if one did: its callbacks are new each time, and the same
 */
export function sharedTelemetry(options: TelemetryOptions, maker?: object): Telemetry {
  const name = maker === undefined ? (value: object) => `#${numberOf(value)}` : () => "#";
  const key = describeMembers(options, name) + (maker === undefined ? "" : `#${numberOf(maker)}`);
  const found = running.get(key);
  if (found !== undefined) return found;
  const telemetry = startTelemetry(options);
  running.set(key, telemetry);
  return telemetry;
}

/** The variables of OpenTelemetry in what a platform hands over as `env`; `undefined` where it has none. */
export function variablesIn(env: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof env !== "object" || env === null) return undefined;
  const variables = Object.entries(env).filter((entry): entry is [string, string] =>
    entry[0].startsWith("OTEL_") && typeof entry[1] === "string"
  );
  return variables.length > 0 ? Object.fromEntries(variables) : undefined;
}

type NameOf = (value: object) => string;

/** A value as text: plain data by what it holds, all else as `name` has it. */
function describe(value: unknown, name: NameOf): string {
  if (isPrimitive(value)) return `${JSON.stringify(value)}`;
  if (Array.isArray(value)) return `[${value.map((item) => describe(item, name)).join()}]`;
  return isPlain(value) ? describeMembers(value, name) : name(value as object);
}

function describeMembers(value: object, name: NameOf): string {
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => one < other ? -1 : 1);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${describe(member, name)}`).join()}}`;
}

/** Whether it is a record of headers, attributes or variables; an exporter can be a plain object, too. */
function isPlain(value: unknown): value is object {
  return Object.getPrototypeOf(value) === Object.prototype &&
    Object.values(value as object).every((member) => isPrimitive(member) || Array.isArray(member));
}

function isPrimitive(value: unknown): boolean {
  return typeof value !== "function" && (typeof value !== "object" || value === null);
}

function numberOf(value: object): number {
  const number = numbers.get(value) ?? ++lastNumber;
  numbers.set(value, number);
  return number;
}

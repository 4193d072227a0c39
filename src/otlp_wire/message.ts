import { Buffer } from "node:buffer";
import type { OtlpMessage } from "./codec.ts";
import type { AttributeValue, ReceivedAttributes, ReceivedRecord } from "./received.ts";

// Typed getters over plain messages. A field at its default is absent from the wire, so each getter knows the
// default.

/** Text, `""` when absent. */
export function text(message: OtlpMessage, field: string): string {
  const value = message[field];
  return typeof value === "string" ? value : "";
}

/** A nanosecond time or other 64-bit integer, 0 when absent. */
export function nanos(message: OtlpMessage, field: string): bigint {
  const value = message[field];
  return typeof value === "bigint" ? value : 0n;
}

/** Any number, 0 when absent. */
export function count(message: OtlpMessage, field: string): number {
  const value = message[field];
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : 0;
}

/** A list of numbers, empty when absent. */
export function counts(message: OtlpMessage, field: string): readonly number[] {
  const value = message[field];
  return Array.isArray(value) ? value.map(Number) : [];
}

/** A nested message, empty when absent. */
export function child(message: OtlpMessage, field: string): OtlpMessage {
  return (message[field] ?? {}) as OtlpMessage;
}

/** A list of nested messages, empty when absent. */
export function children(message: OtlpMessage, field: string): readonly OtlpMessage[] {
  return (message[field] ?? []) as readonly OtlpMessage[];
}

/** An id in hexadecimal digits, `""` when absent. */
export function id(message: OtlpMessage, field: string): string {
  const value = message[field];
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : "";
}

/** The same object without the members that are `undefined` or `""`. */
export function present<T extends Record<string, unknown>>(
  members: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== ""),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** A list of `KeyValue` as an object; of equal keys the last one wins. */
export function attributes(message: OtlpMessage, field = "attributes"): ReceivedAttributes {
  return Object.fromEntries(
    children(message, field).map((pair) => [text(pair, "key"), anyValue(child(pair, "value"))]),
  );
}

/** The value inside an `AnyValue`. */
export function anyValue(message: OtlpMessage): AttributeValue {
  const [entry] = Object.entries(message);
  if (entry === undefined) return null;
  const [choice, value] = entry;
  switch (choice) {
    case "stringValue":
    case "boolValue":
    case "doubleValue":
      return value as string | boolean | number;
    case "intValue": {
      const exact = Number(value);
      return Number.isSafeInteger(exact) ? exact : value as bigint;
    }
    case "arrayValue":
      return children(value as OtlpMessage, "values").map(anyValue);
    case "kvlistValue":
      return attributes(value as OtlpMessage, "values");
    case "bytesValue":
      return new Uint8Array(value as Uint8Array);
    default:
      return null;
  }
}

/** All items of a request, each with its resource and scope. */
export function* flatten(
  request: OtlpMessage,
  [resources, scopes, items]: readonly [resources: string, scopes: string, items: string],
): Generator<readonly [item: OtlpMessage, origin: ReceivedRecord]> {
  for (const group of children(request, resources)) {
    const resource = attributes(child(group, "resource"));
    for (const inner of children(group, scopes)) {
      const scope = child(inner, "scope");
      const origin: ReceivedRecord = {
        resource,
        scope: {
          name: text(scope, "name"),
          ...present({
            version: text(scope, "version"),
            attributes: children(scope, "attributes").length === 0 ? undefined : attributes(scope),
          }),
        },
      };
      for (const item of children(inner, items)) yield [item, origin];
    }
  }
}

import { Buffer } from "node:buffer";
import type { AttributeValue, ReceivedAttributes } from "../otlp_wire/received.ts";
import type { PlainAttributes, PlainValue } from "./api.ts";

/** An attribute's value as JSON can say it: large integers and odd numbers as text, bytes in base64. */
function plainValue(value: AttributeValue): PlainValue {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return `base64:${Buffer.from(value).toString("base64")}`;
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === "object" && value !== null) return plainAttributes(value as ReceivedAttributes);
  return value as string | boolean | null;
}

/** Attributes as JSON can say them. */
export function plainAttributes(attributes: ReceivedAttributes): PlainAttributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plainValue(value)]));
}

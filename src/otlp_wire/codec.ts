import { Buffer } from "node:buffer";
import protobuf from "protobufjs/light.js";
import type { FieldRow, MessageTable } from "./field.ts";
import { otlpSchema } from "./schema.ts";

/** The two encodings of OTLP over HTTP. */
export type OtlpEncoding = "protobuf" | "json";

/** A message as plain data: 64-bit integers are `bigint`, bytes `Uint8Array`, absent fields are absent. */
export type OtlpMessage = Readonly<Record<string, unknown>>;

const tables = new Map<string, MessageTable>();
const fullNames = new Map<string, string>();
for (const [packageName, messages] of Object.entries(otlpSchema)) {
  for (const [name, table] of Object.entries(messages)) {
    tables.set(name, table);
    fullNames.set(name, `${packageName}.${name}`);
  }
}

const root: protobuf.Root = new protobuf.Root();
for (const [name, table] of tables) addType(name, table);
root.resolveAll();

/**
 * Decodes one message of OTLP.
 *
 * @param name its short name, such as `ExportTraceServiceRequest` or `Span.Event`
 * @throws {Error} when the bytes are not such a message
 */
export function decodeMessage(name: string, body: Uint8Array, encoding: OtlpEncoding): OtlpMessage {
  if (encoding === "json") return readJson(name, JSON.parse(new TextDecoder().decode(body)));
  const type = messageType(name);
  return type.toObject(type.decode(body), { longs: BigInt });
}

/** Encodes one message of OTLP from its plain data. */
export function encodeMessage(
  name: string,
  message: OtlpMessage,
  encoding: OtlpEncoding,
): Uint8Array<ArrayBuffer> {
  if (encoding === "json") return new TextEncoder().encode(JSON.stringify(writeJson(name, message)));
  const type = messageType(name);
  return new Uint8Array(type.encode(type.fromObject(message)).finish());
}

/** The reflected type of a message by its short name. */
export function messageType(name: string): protobuf.Type {
  return root.lookupType(fullNames.get(name) ?? name);
}

/** The short names of all messages. */
export function messageNames(): readonly string[] {
  return [...tables.keys()];
}

function addType(name: string, table: MessageTable): void {
  const fields: Record<string, protobuf.IField> = {};
  const oneofs: Record<string, { oneof: string[] }> = {};
  for (const [field, [id, type, rule]] of Object.entries(table)) {
    const target = type === "enum" ? "int32" : tables.has(type) ? `.${fullNames.get(type)}` : type;
    fields[field] = { id, type: target };
    if (rule === "repeated") fields[field] = { id, type: target, rule };
    if (rule === "optional") {
      // What protoc calls a synthetic choice: it is how presence is said in reflection.
      fields[field] = { id, type: target, options: { proto3_optional: true } };
      oneofs[`_${field}`] = { oneof: [field] };
    }
    if (rule?.startsWith("choice ")) (oneofs[rule.slice(7)] ??= { oneof: [] }).oneof.push(field);
  }
  const path = (fullNames.get(name) ?? name).split(".");
  const type = protobuf.Type.fromJSON(path.pop() ?? name, { fields, oneofs });
  // A nested message stands after its parent in the tables, so the parent is found here as the namespace.
  root.define(path).add(type);
}

/** Reads a message of OTLP/JSON: ids in hex, other bytes in base64, 64-bit integers as text or number. */
function readJson(name: string, value: unknown): OtlpMessage {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`Cannot read ${name}: want an object`);
  }
  const table = tables.get(name);
  const entries: [string, unknown][] = [];
  for (const [field, content] of Object.entries(value)) {
    const row = table !== undefined && Object.hasOwn(table, field) ? table[field] : undefined;
    // Receivers must ignore fields that they do not know.
    if (row === undefined || content === null) continue;
    const where = `${name}.${field}`;
    if (row[2] !== "repeated") entries.push([field, readJsonValue(where, row, content)]);
    else if (Array.isArray(content)) {
      entries.push([
        field,
        content.map((item) => readJsonValue(where, row, item)),
      ]);
    } else throw new TypeError(`Cannot read ${where}: want a list`);
  }
  return Object.fromEntries(entries);
}

function readJsonValue(where: string, [, type]: FieldRow, value: unknown): unknown {
  if (tables.has(type)) return readJson(type, value);
  switch (type) {
    case "string":
      if (typeof value === "string") return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "bytes":
      if (typeof value === "string") {
        return isId(where) ? fromHex(where, value) : Buffer.from(value, "base64");
      }
      break;
    case "double":
      if (typeof value === "number") return value;
      if (typeof value === "string" && /^(?:NaN|-?Infinity|[-+.e\d]+)$/i.test(value)) return Number(value);
      break;
    case "enum":
    case "int32":
    case "sint32":
    case "uint32":
    case "fixed32":
      // The mapping of OTLP forbids names of enum values; text with a number is good protobuf JSON.
      if (Number.isInteger(value)) return value;
      if (type !== "enum" && typeof value === "string" && /^-?\d+$/.test(value)) return Number(value);
      break;
    default:
      if (Number.isInteger(value) || (typeof value === "string" && /^-?\d+$/.test(value))) {
        return BigInt(value as number | string);
      }
  }
  throw new TypeError(`Cannot read ${where}: want ${type}`);
}

function writeJson(name: string, message: OtlpMessage): OtlpMessage {
  const table = tables.get(name) ?? {};
  const write = (field: string, type: string, value: unknown): unknown => {
    if (typeof value === "bigint") return String(value);
    if (value instanceof Uint8Array) return Buffer.from(value).toString(isId(field) ? "hex" : "base64");
    if (typeof value === "number" && !Number.isFinite(value)) return String(value);
    return tables.has(type) ? writeJson(type, value as OtlpMessage) : value;
  };
  return Object.fromEntries(
    Object.entries(message).flatMap(([field, value]): [string, unknown][] => {
      const row = table[field];
      if (row === undefined || value === undefined) return [];
      const list = Array.isArray(value) ? value.map((item) => write(field, row[1], item)) : undefined;
      return [[field, list ?? write(field, row[1], value)]];
    }),
  );
}

function isId(field: string): boolean {
  return /(?:^|\.)(?:traceId|spanId|parentSpanId)$/.test(field);
}

function fromHex(where: string, text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new TypeError(`Cannot read ${where}: want hexadecimal digits`);
  return Buffer.from(text, "hex");
}

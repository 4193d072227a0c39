import assert from "node:assert/strict";
import official from "otlp-official-schema";
import { decodeMessage, encodeMessage, messageNames, messageType } from "../../src/otlp_wire/codec.ts";

// The classes that the official exporters generate from the official schema.
interface OfficialClass {
  readonly prototype: Readonly<Record<string, unknown>>;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
  fromObject(message: unknown): unknown;
  toObject(message: unknown, options: unknown): unknown;
}

const classes = new Map<string, OfficialClass>();
collect((official as unknown as Record<string, unknown>).opentelemetry, "opentelemetry");

/** Collects what has an encoder: messages, and those nested in them. */
function collect(value: unknown, name: string): void {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
  if (typeof value === "function" && "encode" in value) classes.set(name, value as unknown as OfficialClass);
  for (const [key, inner] of Object.entries(value)) collect(inner, `${name}.${key}`);
}

function officialClass(name: string): OfficialClass {
  const found = classes.get(messageType(name).fullName.slice(1));
  assert.ok(found, `no official message ${name}`);
  return found;
}

const ours = messageNames().filter((name) => name !== "RpcStatus");

/** One value per field of a message; `variant` says which member of a choice, nesting stops at `depth`. */
function sample(name: string, variant: number, depth: number): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  const type = messageType(name);
  for (const field of type.fieldsArray) {
    const choice = field.partOf;
    if (choice && choice.oneof.length > 1 && choice.oneof[variant % choice.oneof.length] !== field.name) {
      continue;
    }
    const nested = field.resolve().resolvedType;
    if (nested && depth === 0) continue;
    const short = nested && messageNames().find((other) => messageType(other) === nested);
    const value = short ? sample(short, variant + 1, depth - 1) : scalar(field.type, field.id);
    message[field.name] = field.repeated ? [value, value] : value;
  }
  return message;
}

function scalar(type: string, id: number): unknown {
  switch (type) {
    case "string":
      return `text ${id}`;
    case "bool":
      return true;
    case "double":
      return id + 0.25;
    case "bytes":
      return new Uint8Array([id, 255, 0, 128]);
    case "int64":
    case "sfixed64":
      return -(2n ** 60n) - BigInt(id);
    case "uint64":
    case "fixed64":
      return 2n ** 63n + BigInt(id);
    case "sint32":
    case "int32":
      return -id;
    default:
      return 2 ** 31 + id;
  }
}

/** Buffers of Node and arrays of bytes as one. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

Deno.test("otlpSchema has the messages of the official schema", () => {
  // The three are what files of telemetry begin with; nobody sends them.
  const wanted = [...classes.keys()].filter((name) => !/\.(?:Traces|Metrics|Logs)Data$/.test(name));
  assert.deepEqual(ours.map((name) => messageType(name).fullName.slice(1)).sort(), wanted.sort());
  assert.ok(wanted.length >= 40);
});

Deno.test("otlpSchema has the fields of the official schema", () => {
  for (const name of ours) {
    const { prototype } = officialClass(name);
    const wanted = Object.keys(prototype).filter((key) => typeof prototype[key] !== "function");
    assert.deepEqual(messageType(name).fieldsArray.map((field) => field.name).sort(), wanted.sort(), name);
  }
});

Deno.test("decodeMessage() reads all that the official schema writes, and the other way round", () => {
  for (const name of ours) {
    const theirs = officialClass(name);
    for (let variant = 0; variant < 7; variant++) {
      const message = sample(name, variant, 4);
      const bytes = encodeMessage(name, message, "protobuf");
      const read = theirs.toObject(theirs.decode(bytes), { longs: String });
      assert.deepEqual(
        withTextLongs(plain(read)),
        withTextLongs(plain(message)),
        `${name}: ours to official`,
      );

      const official = theirs.encode(theirs.fromObject(withTextLongs(message))).finish();
      const back = decodeMessage(name, official, "protobuf");
      assert.deepEqual(plain(back), plain(message), `${name}: official to ours`);
      assert.deepEqual([...official], [...bytes], `${name}: bytes`);
    }
  }
});

Deno.test("decodeMessage() reads the JSON that encodeMessage() writes", () => {
  for (const name of messageNames()) {
    for (let variant = 0; variant < 7; variant++) {
      const message = sample(name, variant, 4);
      const back = decodeMessage(name, encodeMessage(name, message, "json"), "json");
      assert.deepEqual(plain(back), plain(message), name);
    }
  }
});

/** The official classes were generated before there were bigints: they take text. */
function withTextLongs(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(withTextLongs);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTextLongs(inner)]));
}

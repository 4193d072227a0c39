/** Whatever comes over HTTP, for whatever route: the caller has what was sent, and the attempt ends once. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { createMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import type { Provider, Route } from "../../src/types.ts";
import { join } from "../../src/wire/held.ts";
import { wellKnownRoutes } from "../../src/well_known.ts";
import { httpFixtures } from "../support/fixtures.ts";
import { type Change, change, changed } from "./odd.ts";
import { check } from "./runs.ts";
import { startWorld, type World } from "./world.ts";

const match = createMatcher(providers, wellKnownRoutes);

/** Every door of every provider. */
const doors = [
  ...providers.flatMap((provider) => provider.routes.map((route) => doorOf(provider, route))),
  ...wellKnownRoutes.map((route) => doorOf(undefined, route)),
];

function doorOf(provider: Provider | undefined, route: Route) {
  const fill = (pattern: string): string => pattern.replaceAll("**", "a/b").replaceAll("*", "x1");
  const url = `https://${fill(provider?.hosts[0] ?? "203.0.113.7:8000")}${fill(route.path)}`;
  const format = match(route.method, new URL(url))?.route.format;
  return { method: route.method, url, name: `${provider?.name} ${route.path}`, format };
}

/** Bodies that were written down, by the format that reads them: the likeliest for a door are its own. */
const bodies = httpFixtures.map(({ request, response, body }) => ({
  format: match(request.method, new URL(request.url))?.route.format.name,
  type: response.headers["content-type"],
  request: request.body,
  body,
}));

const TYPES = [
  null,
  "application/json",
  "text/event-stream",
  "text/event-stream; charset=utf-8",
  "application/x-ndjson",
  "application/stream+json",
  "application/vnd.amazon.eventstream",
  "audio/mpeg",
  "audio/wav",
  "audio/L16;rate=16000",
  "audio/ogg",
  "application/octet-stream",
  "multipart/form-data; boundary=x",
  "text/html",
  "text/plain",
  ";;=,",
] as const;

const STATUSES = [
  200,
  200,
  200,
  201,
  202,
  204,
  206,
  304,
  400,
  401,
  403,
  404,
  413,
  422,
  429,
  500,
  502,
  503,
  529,
];

const HEADERS = [
  "x-request-id",
  "request-id",
  "retry-after",
  "x-amzn-requestid",
  "cf-ray",
  "content-length",
  "content-encoding",
  "x-goog-request-id",
] as const;

interface Case {
  readonly door: (typeof doors)[number];
  readonly own: boolean;
  readonly pick: number;
  readonly other: number | null;
  readonly noise: Uint8Array | null;
  readonly changes: readonly Change[];
  readonly cuts: readonly number[];
  readonly status: number;
  readonly type: number | null;
  readonly headers: readonly (readonly [number, string])[];
  readonly bytes: boolean;
  readonly asked: "own" | "odd" | "none" | "text" | "bytes" | "form" | "Request";
  readonly end: "read" | "read" | "cancel" | "error" | "abort" | "reject" | "unread";
  readonly after: number;
  readonly session: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  door: fc.constantFrom(...doors),
  own: fc.boolean(),
  pick: fc.nat(),
  other: fc.option(fc.nat(), { freq: 4 }),
  noise: fc.option(fc.uint8Array({ maxLength: 300 }), { freq: 3 }),
  changes: fc.array(change, { maxLength: 3 }),
  cuts: fc.array(fc.nat(1000), { maxLength: 12 }),
  status: fc.constantFrom(...STATUSES),
  type: fc.option(fc.nat(TYPES.length - 1), { freq: 2 }),
  headers: fc.array(
    fc.tuple(
      fc.nat(HEADERS.length - 1),
      fc.string({ unit: fc.constantFrom("a", "0", "{", "-", '"', ","), maxLength: 12 }),
    ),
    { maxLength: 3 },
  ),
  bytes: fc.boolean(),
  asked: fc.constantFrom("own", "odd", "none", "text", "bytes", "form", "Request"),
  end: fc.constantFrom("read", "read", "read", "cancel", "error", "abort", "reject", "unread"),
  after: fc.nat(6),
  session: fc.boolean(),
});

/** What the provider says. */
function bodyOf({ door, own, pick, other, noise, changes }: Case) {
  const known = own ? bodies.filter(({ format }) => format === door.format?.name) : bodies;
  const chosen = (known.length > 0 ? known : bodies)[pick % (known.length || bodies.length)]!;
  const parts = [chosen.body as Uint8Array];
  if (other !== null) parts.push(bodies[other % bodies.length]!.body);
  if (noise !== null) parts.splice(pick % 2, pick % 3 === 0 ? parts.length : 0, noise);
  return { chosen, body: changed(join(parts), changes) };
}

function piecesOf(body: Uint8Array<ArrayBuffer>, cuts: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const places = [...new Set(cuts.map((cut) => Math.floor((body.length * cut) / 1000)))].sort((a, b) =>
    a - b
  );
  const edges = [0, ...places.filter((at) => at > 0 && at < body.length), body.length];
  return edges.slice(1).map((end, i) => body.slice(edges[i], end)).filter(({ length }) => length > 0);
}

function requestOf(
  { asked, door, pick }: Case,
  own: unknown,
): { input: string | Request; init?: RequestInit } {
  const json = (value: unknown): string => typeof value === "string" ? value : JSON.stringify(value) ?? "";
  const bodies: Record<Exclude<Case["asked"], "Request" | "none">, BodyInit> = {
    own: json(own),
    odd: json(
      [null, [], { model: { a: 1 }, messages: 7, stream: "yes" }, 7, "x", { input: [null, [[]]] }][pick % 6],
    ),
    text: "<speak>\ud800 & ",
    bytes: Uint8Array.of(0xff, 0xfe, 0x81, 0xc1, 0xdf, 0xff, 0xff, 0xff, 0xff),
    form: new FormData(),
  };
  if (door.method === "GET") return { input: door.url };
  if (asked === "none") return { input: door.url, init: { method: "POST" } };
  if (asked === "Request") return { input: new Request(door.url, { method: "POST", body: json(own) }) };
  const headers = { "x-stainless-retry-count": ["1", "-1", "99999", "x"][pick % 4]! };
  return { input: door.url, init: { method: "POST", headers, body: bodies[asked] } };
}

let transport: typeof globalThis.fetch = () => Promise.reject(new Error("no case"));
const start = (): World =>
  startWorld({
    fetch: ((input: RequestInfo | URL, init?: RequestInit) =>
      transport(input, init)) as typeof globalThis.fetch,
  });
let world = start();

async function play(one: Case): Promise<void> {
  const { chosen, body } = bodyOf(one);
  const pieces = piecesOf(body, one.cuts);
  const abort = new AbortController();
  const reason = new Error("the case's own");
  const nullBody = one.status === 204 || one.status === 304;
  const type = one.type === null ? chosen.type : TYPES[one.type];
  let cancelledWith: unknown;
  transport = () => {
    if (one.end === "reject") return Promise.reject(reason);
    const headers = new Headers(one.headers.map(([name, value]) => [HEADERS[name]!, value]));
    if (type) headers.set("content-type", type);
    let next = 0;
    const source = {
      pull(controller: ReadableStreamDefaultController) {
        if (one.end === "error" && next >= one.after) controller.error(reason);
        else if (next === pieces.length) {
          controller.close();
          (controller as unknown as ReadableByteStreamController).byobRequest?.respond(0);
        } else controller.enqueue(pieces[next++]!.slice());
      },
      cancel: (why: unknown) => void (cancelledWith = why),
      ...one.bytes && { type: "bytes" },
    };
    const stream = nullBody ? null : new ReadableStream(source as UnderlyingSource, { highWaterMark: 0 });
    return Promise.resolve(new Response(stream, { status: one.status, headers }));
  };

  const session = one.session || one.end === "unread" ? world.telemetry.startSession({ id: "s" }) : undefined;
  const { input, init } = requestOf(one, chosen.request);
  const fetch = session?.fetch ?? world.telemetry.fetch;
  const got: Uint8Array[] = [];
  let failed: unknown;
  let whole = false;
  try {
    const response = await fetch(input, { ...init, signal: abort.signal });
    assert.equal(response.status, one.status);
    if (one.end !== "unread" && response.body !== null) {
      const reader = response.body.getReader();
      while (true) {
        if (one.end === "cancel" && got.length >= one.after) {
          await reader.cancel(reason);
          break;
        }
        if (one.end === "abort" && got.length >= one.after) abort.abort(reason);
        const { done, value } = await reader.read();
        if (done) {
          whole = true;
          break;
        }
        got.push(value);
      }
    }
  } catch (error) {
    failed = error;
  }
  if (failed !== undefined) assert.equal(failed, reason);
  if (one.end === "reject") assert.equal(failed, reason);
  if (whole) assert.deepEqual(join(got), join(pieces));
  else assert.deepEqual(join(got), join(pieces).subarray(0, join(got).length));
  // an answer that says it is empty is the provider's own, and ours to leave alone
  const bare = nullBody ||
    one.headers.some(([name, value]) => HEADERS[name] === "content-length" && value === "0");
  if (!bare && one.end === "cancel" && !whole) assert.equal(cancelledWith, reason);
  if (one.end === "read" && !nullBody) assert.ok(whole);
  if (one.end === "error" && !nullBody && pieces.length >= one.after) assert.equal(failed, reason);
  if (one.end !== "unread") {
    assert.equal(world.telemetry.stats().openAttempts, 0, "ended before the caller knew");
  }
  session?.end();
  const spans = await world.settled();
  const attempts = spans.filter(({ attributes }) => attributes["teespan.outcome"] !== undefined);
  assert.equal(attempts.length, door(one), `${one.door.name}: attempts`);
}

/** How many attempts a call leaves. */
function door({ door: { format } }: Case): number {
  return format === undefined ? 0 : 1;
}

Deno.test("every route of every provider is reached by these cases", () => {
  assert.deepEqual(doors.filter(({ format }) => format === undefined).map(({ name }) => name), []);
});

Deno.test("whatever comes over HTTP, the caller has it, and the attempt ends once", () =>
  check(1500, cases, async (one) => {
    try {
      await play(one);
    } catch (error) {
      world = start(); // what is left open must not fail the next, smaller case
      throw error;
    }
  }));

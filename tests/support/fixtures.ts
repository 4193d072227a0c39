/**
 * The fixture folders: `tests/fixtures/<provider>/<case>/`.
 *
 * `exchange.json` has a note and the request, and `facts.json` what is to be learned. Over HTTP there is the response
 * beside the request, and its bytes in `response.body`. Over a socket there are `frames.json` in order, and the facts
 * of each attempt in the order of their beginning; with what else was heard of the connection, if anything was.
 */

import { type EventContent, eventMessage } from "./event_stream.ts";
import type { SinkRecord } from "./recording_sink.ts";
import type { ConnectionRecord } from "./recording_sinks.ts";

/** What all fixtures have. */
interface Fixture {
  readonly provider: string;
  readonly case: string;
  /** What is particular about it, and where it came from. */
  readonly note: string;
}

/** One exchange over HTTP. */
export interface HttpFixture extends Fixture {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers?: Record<string, string>;
    /** JSON; a text is sent as it is, `{ base64 }` as bytes, `{ form }` as a form of these texts. */
    readonly body: unknown;
  };
  readonly response: { readonly status: number; readonly headers: Record<string, string> };
  readonly body: Uint8Array<ArrayBuffer>;
  readonly expected: SinkRecord;
}

/** A frame: an object as JSON, a text, bytes as base64, or a message of an AWS event stream; or the close. */
export type FixtureFrame = { readonly sent: FrameContent } | { readonly received: FrameContent } | {
  readonly closed: number;
};

/** What is in a frame. */
export type FrameContent = string | EventContent;

/** The frame as a socket takes it, or gives it. Messages that are sent are signed. */
export function frameData(
  frame: Exclude<FixtureFrame, { closed: number }>,
): string | Uint8Array<ArrayBuffer> {
  const content = "sent" in frame ? frame.sent : frame.received;
  if (typeof content === "string") return content;
  if ("event" in content || "exception" in content || "chunk" in content) {
    return eventMessage(content, "sent" in frame);
  }
  return "base64" in content ? Uint8Array.fromBase64(content.base64!) : JSON.stringify(content.json);
}

/** One connection over a socket. */
export interface SocketFixture extends Fixture {
  readonly socket: { readonly url: string; readonly headers?: Record<string, string> };
  readonly frames: readonly FixtureFrame[];
  readonly expected: ConnectionRecord;
}

const ROOT = new URL("../fixtures/", import.meta.url);

const all = folders(ROOT).flatMap((provider) =>
  folders(new URL(`${provider}/`, ROOT)).map((name) => readFixture(provider, name))
);

/** All over HTTP, in the order of their names. */
export const httpFixtures: readonly HttpFixture[] = all.filter((one) => "request" in one);

/** All over sockets, in the order of their names. */
export const socketFixtures: readonly SocketFixture[] = all.filter((one) => "socket" in one);

/** Providers that have fixtures. */
export const fixtureProviders: readonly string[] = [...new Set(all.map(({ provider }) => provider))];

/** The fixture over HTTP with that name. */
export function fixture(provider: string, name: string): HttpFixture {
  const found = httpFixtures.find((fixture) => fixture.provider === provider && fixture.case === name);
  if (found === undefined) throw new Error(`There is no fixture ${provider}/${name}`);
  return found;
}

function readFixture(provider: string, name: string): HttpFixture | SocketFixture {
  const folder = new URL(`${provider}/${name}/`, ROOT);
  const read = (file: string) => JSON.parse(Deno.readTextFileSync(new URL(file, folder)));
  const exchange = read("exchange.json");
  const content = "socket" in exchange
    ? { frames: read("frames.json") }
    : { body: Deno.readFileSync(new URL("response.body", folder)) };
  const facts = read("facts.json");
  const expected = Array.isArray(facts) ? { attempts: facts } : facts;
  return { provider, case: name, ...exchange, ...content, expected };
}

function folders(parent: URL): string[] {
  return [...Deno.readDirSync(parent)].filter((entry) => entry.isDirectory).map((entry) => entry.name).sort();
}

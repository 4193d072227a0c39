/** The fixture folders: `tests/fixtures/<provider>/<case>/`. */

import type { SinkRecord } from "./recording_sink.ts";

/** One exchange with a provider, and what is to be learned from it. */
export interface Fixture {
  readonly provider: string;
  readonly case: string;
  /** What is particular about it, and where it came from. */
  readonly note: string;
  readonly request: { readonly method: string; readonly url: string; readonly body: unknown };
  readonly response: { readonly status: number; readonly headers: Record<string, string> };
  readonly body: Uint8Array<ArrayBuffer>;
  readonly expected: SinkRecord;
}

const ROOT = new URL("../fixtures/", import.meta.url);

/** All fixtures, in the order of their names. */
export const fixtures: readonly Fixture[] = folders(ROOT).flatMap((provider) =>
  folders(new URL(`${provider}/`, ROOT)).map((name) => readFixture(provider, name))
);

/** The fixture with that name. */
export function fixture(provider: string, name: string): Fixture {
  const found = fixtures.find((fixture) => fixture.provider === provider && fixture.case === name);
  if (found === undefined) throw new Error(`There is no fixture ${provider}/${name}`);
  return found;
}

function readFixture(provider: string, name: string): Fixture {
  const folder = new URL(`${provider}/${name}/`, ROOT);
  const read = (file: string) => JSON.parse(Deno.readTextFileSync(new URL(file, folder)));
  return {
    provider,
    case: name,
    ...read("exchange.json"),
    body: Deno.readFileSync(new URL("response.body", folder)),
    expected: read("facts.json"),
  };
}

function folders(parent: URL): string[] {
  return [...Deno.readDirSync(parent)].filter((entry) => entry.isDirectory).map((entry) => entry.name).sort();
}

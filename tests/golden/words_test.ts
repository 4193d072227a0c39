/**
 * What is recorded of every fixture's words where content is wanted, against what was checked in. After a change that
 * is meant, `GOLDEN=write deno test -A tests/golden` writes it anew: read the diff.
 */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import * as contentAttr from "../../src/semconv_content.ts";
import { httpFixtures, socketFixtures } from "../support/fixtures.ts";
import { failLater, keepSpans, type KeptSpan } from "../support/memory_exporter.ts";
import { playHttp, playSocket } from "../support/play_fixture.ts";

const FILE = new URL("./words.json", import.meta.url);

/** Attributes that hold words. */
const WORDS = [
  contentAttr.systemInstructions,
  contentAttr.inputMessages,
  contentAttr.toolDefinitions,
  contentAttr.outputMessages,
  contentAttr.inputText,
  contentAttr.userTranscript,
  contentAttr.contentTruncated,
];

const CONTENT = { prompts: true, transcripts: true, toolArguments: true };

/** The words on each span that has any, under its name. */
function wordsOf(spans: readonly KeptSpan[]): [name: string, words: Record<string, unknown>][] {
  return spans.flatMap(({ name, attributes }) => {
    const words = WORDS.filter((key) => attributes[key] !== undefined).map((key) => {
      const value = attributes[key];
      const isJson = typeof value === "string" && key.startsWith("gen_ai.");
      return [key, isJson ? JSON.parse(value) : value] as const;
    });
    return words.length > 0 ? [[name, Object.fromEntries(words)] as const] : [];
  }) as [string, Record<string, unknown>][];
}

function* piecesOf(body: Uint8Array, length: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < body.length; at += length) yield body.slice(at, at + length);
}

async function play(
  content: typeof CONTENT | undefined,
  pieceLength = Infinity,
): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const fixture of [...httpFixtures, ...socketFixtures]) {
    const exporter = keepSpans();
    const options = { exporter, content, onError: failLater };
    if ("request" in fixture) await playHttp(fixture, options, "read", piecesOf(fixture.body, pieceLength));
    else await playSocket(fixture, options);
    const words = wordsOf(exporter.spans);
    if (words.length > 0) all[`${fixture.provider}/${fixture.case}`] = words;
  }
  return all;
}

Deno.test("the words of every fixture are those that are checked in", async () => {
  const words = await play(CONTENT);
  if (Deno.env.get("GOLDEN") === "write") await writeFile(FILE, JSON.stringify(words, null, 2) + "\n");
  assert.deepEqual(words, JSON.parse(await readFile(FILE, "utf8")));
});

Deno.test("the words of every fixture do not depend on how it is cut", async () => {
  assert.deepEqual(await play(CONTENT, 7), await play(CONTENT));
});

Deno.test("where no content is wanted, there is none", async () => {
  assert.deepEqual(await play(undefined), {});
});

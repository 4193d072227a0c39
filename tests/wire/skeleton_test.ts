import assert from "node:assert/strict";
import { filterRepetitions, type RepetitionFilter } from "../../src/wire/skeleton.ts";

const bytes = (json: string): Uint8Array => new TextEncoder().encode(json);

const isRepetition = (filter: RepetitionFilter, data: Uint8Array): boolean =>
  filter.endOfRepetition(data, 0) === data.length;

/** Whether `later` counts as a repetition of `first`. */
function repeats(first: string, later: string, ...words: string[]): boolean {
  const filter = filterRepetitions(new Set(words));
  const learned = bytes(first);
  filter.learn(learned);
  learned.fill(0);
  return isRepetition(filter, bytes(later));
}

Deno.test("filterRepetitions() lets pass what differs in its words only", () => {
  const chunk = (content: string, n = 1): string =>
    `{"id":"a","delta":{"content":${content}},"n":${n},"x":null}`;
  assert.equal(repeats(chunk('"Hi"'), chunk('"Hello there"'), "content"), true);
  assert.equal(repeats(chunk('"Hi"'), chunk('"\\"quoted\\" \\\\"'), "content"), true);
  assert.equal(repeats(chunk('"Hi"'), chunk('"一🙂"'), "content"), true);
  assert.equal(repeats(chunk('"Hi"', 1), chunk('"Ho"', 27.5e3), "content", "n"), true);
  assert.equal(repeats('{"content" : "a"}', '{"content" : "b"}', "content"), true);
});

Deno.test("filterRepetitions() stops at any other difference", () => {
  const chunk = '{"id":"a","delta":{"content":"Hi"},"finish":null}';
  const other = (from: string, to: string): boolean => repeats(chunk, chunk.replace(from, to), "content");
  assert.equal(other('"a"', '"b"'), false);
  assert.equal(other("null", '"stop"'), false);
  assert.equal(other('"Hi"', '""'), false);
  assert.equal(other('"Hi"', "null"), false);
  assert.equal(other('"Hi"', '"Hi","tool":1'), false);
  assert.equal(other('"Hi"', '"Hi"} '), false);
  assert.equal(other("null}", "null,}"), false);
  assert.equal(other("null}", "null"), false);
  assert.equal(other('"Hi"', '"Hi'), false);
  assert.equal(repeats(chunk, chunk, "other"), false);
});

Deno.test("filterRepetitions() takes an empty word for a difference, since the first full one is news", () => {
  assert.equal(repeats('{"content":"","role":"x"}', '{"content":"Hi","role":"x"}', "content"), false);
  assert.equal(repeats('{"a":"1","content":""}', '{"a":"2","content":""}', "a", "content"), true);
});

Deno.test("filterRepetitions() takes a key's name in a value for no key", () => {
  assert.equal(
    repeats('{"kind":"content","content":"x"}', '{"kind":"contend","content":"x"}', "content"),
    false,
  );
  assert.equal(repeats('["content","a"]', '["content","b"]', "content"), false);
});

Deno.test("filterRepetitions() knows a few kinds of chunks at a time, and forgets the oldest", () => {
  const filter = filterRepetitions(new Set(["text"]));
  const chunk = (kind: number, text: string): Uint8Array => bytes(`{"kind":${kind},"text":"${text}"}`);
  for (let kind = 0; kind < 5; kind++) filter.learn(chunk(kind, "a"));
  assert.deepEqual([0, 1, 2, 3, 4].map((kind) => isRepetition(filter, chunk(kind, "b"))), [
    false,
    true,
    true,
    true,
    true,
  ]);
});

Deno.test("filterRepetitions() learns nothing of broken or endless pieces", () => {
  assert.equal(repeats('{"content":"Hi', '{"content":"Ho', "content"), false);
  const long = (word: string): string => `{"content":"${word}","pad":"${"x".repeat(20_000)}"}`;
  assert.equal(repeats(long("a"), long("b"), "content"), false);
});

Deno.test("filterRepetitions() gives up learning where nothing repeats", () => {
  const filter = filterRepetitions(new Set(["text"]));
  const chunk = (kind: number): Uint8Array => bytes(`{"kind":${kind},"text":"a"}`);
  for (let kind = 0; kind < 100; kind++) {
    assert.equal(isRepetition(filter, chunk(kind)), false);
    filter.learn(chunk(kind));
  }
  assert.equal(isRepetition(filter, chunk(15)), true);
  assert.equal(isRepetition(filter, chunk(99)), false);
});

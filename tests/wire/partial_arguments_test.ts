/** Arguments that come in pieces, each with the path of its place. */

import assert from "node:assert/strict";
import { PartialArguments } from "../../src/wire/partial_arguments.ts";

type Piece = [jsonPath: unknown, value: unknown];

const FIELDS: Readonly<Record<string, string>> = {
  string: "stringValue",
  number: "numberValue",
  boolean: "boolValue",
};

function joined(...pieces: Piece[]): unknown {
  const all = new PartialArguments();
  for (const [jsonPath, value] of pieces) {
    const field = FIELDS[typeof value] ?? "nullValue";
    all.add([{ jsonPath, [field]: field === "nullValue" ? "NULL_VALUE" : value }]);
  }
  return JSON.parse(JSON.stringify(all.value));
}

Deno.test("PartialArguments puts texts together, and each value in its place", () => {
  assert.deepEqual(
    joined(["$.q", "sp"], ["$.q", "an"], ["$.limit", 3], ["$.exact", false], ["$.after", null]),
    { q: "span", limit: 3, exact: false, after: null },
  );
  assert.deepEqual(
    joined(
      ["$.lights[0].name", "kit"],
      ["$.lights[0].name", "chen"],
      ["$.lights[1]['the.level']", 7],
      ['$["a b"]', true],
    ),
    { lights: [{ name: "kitchen" }, { "the.level": 7 }], "a b": true },
  );
});

Deno.test("PartialArguments passes over what has no place, and harms nothing", () => {
  assert.deepEqual(
    joined(
      ["$.list[0]", 1],
      ["$.list[4000000000]", 2],
      ["$.list.name", 3],
      ["$.list.__proto__.x", 3],
      ["$.q", "text"],
      ["$.q.inside", 4],
      ["$..q", 5],
      ["$.*", "star"],
      ["$[", 6],
      ["$", 7],
      ["", 8],
      [undefined, 9],
      [`$${".deeper".repeat(40)}`, 10],
    ),
    { list: [1], q: "text", "*": "star" },
  );
  joined(["$.__proto__.polluted", "yes"], ["$.constructor.prototype.polluted", "yes"]);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  const all = new PartialArguments();
  for (const odd of [undefined, null, 5, "text", [null, 7, {}, { jsonPath: "$.x", stringValue: {} }]]) {
    all.add(odd);
  }
  assert.deepEqual(Object.keys(all.value), []);
});

Deno.test("PartialArguments is bounded", () => {
  const all = new PartialArguments();
  for (let i = 0; i < 400; i++) all.add([{ jsonPath: "$.q", stringValue: "x".repeat(1000) }]);
  const { q } = all.value as { q: string };
  assert.ok(q.length > 200_000 && q.length <= 262_144);
});

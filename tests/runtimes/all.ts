/**
 * The suite on every runtime, with the library as it is packed. Run by `deno task runtimes`; names of runtimes as
 * arguments choose some.
 */

import assert from "node:assert/strict";
import { testExamples } from "./examples.ts";
import { binaries, FOLDER, installPacked, run } from "./host/install.ts";
import { type Outcomes, runtimes } from "./host/runtimes.ts";
import { openStage, type Stage } from "./host/stage.ts";
import knownFailures from "./known_failures.json" with { type: "json" };
import { cases } from "./suite/mod.ts";
import { testServed } from "./served.ts";
import { testSizes } from "./sizes.ts";
import { testWorkers } from "./workers.ts";

/** What is known to fail, by runtime and case, with its reason. One `*` stands for anything in the name of a case. */
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = knownFailures;

function isNamed(name: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  const last = rest.at(-1)!;
  return name.startsWith(first) && name.endsWith(last) && name.length >= first.length + last.length;
}

function reasonOf(runtime: string, name: string): string | undefined {
  return Object.entries(known[runtime] ?? {}).find(([pattern]) => isNamed(name, pattern))?.[1];
}

const chosen = runtimes.filter(({ name }) => Deno.args.length === 0 || Deno.args.includes(name));
let stage: Stage | undefined;

Deno.test("the library is packed and installed beside the runtimes", async () => {
  await installPacked();
});

Deno.test("its types say what is right and what is wrong", async () => {
  // with the packages of the folder alone, not with the project's
  await run(
    binaries.deno,
    ["check", "--no-config", "--node-modules-dir=manual", "entries/consumer.ts"],
    FOLDER,
  );
});

for (const runtime of chosen) {
  let outcomes: Outcomes = new Map();

  // the stage outlives the test that opens it
  Deno.test({
    name: `${runtime.name} runs the suite`,
    sanitizeOps: false,
    sanitizeResources: false,
  }, async () => {
    stage ??= await openStage();
    outcomes = await runtime.run(stage);
    assert.deepEqual([...outcomes.keys()], cases.map(({ name }) => name));
  });

  for (const { name, only } of cases) {
    if (only !== undefined && !only.includes(runtime.name)) continue;
    const reason = reasonOf(runtime.name, name);
    Deno.test(`${runtime.name}: ${name}${reason === undefined ? "" : ` (known to fail: ${reason})`}`, () => {
      assert.ok(outcomes.has(name), "it did not run");
      const error = outcomes.get(name);
      if (reason === undefined) assert.equal(error, undefined);
      else {assert.notEqual(
          error,
          undefined,
          "it is said to fail, and does not",
        );}
    });
  }
}

if (Deno.args.length === 0 || Deno.args.includes("examples")) testExamples();
if (Deno.args.length === 0 || Deno.args.includes("objects")) testWorkers();
if (Deno.args.length === 0 || Deno.args.includes("served")) testServed();
if (Deno.args.length === 0 || Deno.args.includes("sizes")) testSizes();

Deno.test({
  name: "the stage is closed",
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  await stage?.[Symbol.asyncDispose]();
});

Deno.test("known failures are of runtimes and cases that there are, and have reasons", () => {
  for (const [runtime, reasons] of Object.entries(known)) {
    assert.ok(runtimes.some(({ name }) => name === runtime), runtime);
    for (const [name, reason] of Object.entries(reasons)) {
      assert.ok(cases.some((item) => isNamed(item.name, name)), name);
      assert.ok(reason.length > 10, name);
    }
  }
});

import assert from "node:assert/strict";
import { shield } from "../../src/stream/shield.ts";

Deno.test("shield() gives what the work gives", () => {
  assert.equal(shield("read", () => assert.fail(), () => 7), 7);
});

Deno.test("shield() tells of what was thrown, and where", () => {
  const told: unknown[] = [];
  const error = new Error("ours");
  const result = shield("record", (...all) => void told.push(all), () => {
    throw error;
  });
  assert.equal(result, undefined);
  assert.deepEqual(told, [[error, "record"]]);
});

Deno.test("shield() survives a handler that throws", () => {
  const fail = (): never => {
    throw new Error();
  };
  assert.equal(shield("export", fail, fail), undefined);
});

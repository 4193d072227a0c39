import assert from "node:assert/strict";
import { pathPart } from "../../src/wire/path.ts";

const MODEL = /\/model\/([^/]+)\//;

function model(path: string): string | undefined {
  return pathPart(new URL(path, "https://host.example"), MODEL);
}

Deno.test("pathPart() decodes what the pattern finds", () => {
  assert.equal(model("/model/acme.big-v1%3A0/converse"), "acme.big-v1:0");
  assert.equal(
    model("/model/arn%3Aaws%3Abedrock%3A%3A%3Aprofile%2Fbig/converse"),
    "arn:aws:bedrock:::profile/big",
  );
  assert.equal(model("/model/big/converse?x=/model/small/"), "big");
  assert.equal(model("/models/big"), undefined);
});

Deno.test("pathPart() leaves what cannot be decoded", () => {
  assert.equal(model("/model/100%/converse"), "100%");
});

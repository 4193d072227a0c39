import assert from "node:assert/strict";
import { scrubUrl } from "../../src/telemetry/scrub.ts";

const scrubbed = (url: string): string => scrubUrl(new URL(url));

Deno.test("scrubUrl() drops credentials and fragments", () => {
  assert.equal(scrubbed("https://user:secret@a.example:8443/path#secret"), "https://a.example:8443/path");
});

Deno.test("scrubUrl() keeps harmless query values and hides all others", () => {
  assert.equal(
    scrubbed("https://a.example/p?model=a%20b&key=secret&Token=secret&api-version=1&=secret&flag"),
    "https://a.example/p?model=a%20b&key=REDACTED&Token=REDACTED&api-version=1&=REDACTED&flag=REDACTED",
  );
  assert.equal(scrubbed("wss://a.example/?"), "wss://a.example/");
});

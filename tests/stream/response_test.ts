import assert from "node:assert/strict";
import { replaceBody } from "../../src/stream/response.ts";

function bodyOf(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Response(text).body!;
}

Deno.test("replaceBody() keeps status, headers and identity, on clones of clones too", async () => {
  await using server = Deno.serve(
    { port: 0, onListen() {} },
    (request) =>
      new URL(request.url).pathname === "/from"
        ? new Response(null, { status: 302, headers: { location: "/to" } })
        : new Response("old", {
          status: 203,
          statusText: "Hm",
          headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]],
        }),
  );
  const original = await fetch(`http://127.0.0.1:${server.addr.port}/from`);
  const replaced = replaceBody(original, bodyOf("new"));
  const clone = replaced.clone();
  const second = clone.clone();
  for (const response of [replaced, clone, second]) {
    assert.ok(response instanceof Response);
    assert.equal(response.url, original.url);
    assert.ok(response.url.endsWith("/to"));
    assert.equal(response.redirected, true);
    assert.equal(response.type, original.type);
    assert.equal(response.status, 203);
    assert.equal(response.statusText, original.statusText);
    assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
    assert.equal(await response.text(), "new");
  }
  await original.body?.cancel();
});

Deno.test("replaceBody() drops the coding that the platform has undone, and nothing else", () => {
  const headers = { "content-encoding": "gzip", "content-length": "20", "x-request-id": "req_1" };
  const replaced = replaceBody(new Response("old", { headers }), bodyOf("new"));
  assert.deepEqual([...replaced.headers.keys()].filter((name) => name !== "content-type"), ["x-request-id"]);
  const plain = replaceBody(new Response("old", { headers: { "content-length": "3" } }), bodyOf("new"));
  assert.equal(plain.headers.get("content-length"), "3");
});

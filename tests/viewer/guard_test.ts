/** Who may read, and who may write. */

import assert from "node:assert/strict";
import { request } from "node:http";
import type { Summary } from "../../src/viewer/api.ts";
import { startViewer, type Viewer } from "../../src/viewer/mod.ts";
import { ask, NOON, sendConversations } from "./send.ts";

/** A request with any headers: `fetch` would not let us set `Host`. */
function send(
  { port }: Viewer,
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => text += part).on(
        "end",
        () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on("error", reject).end();
  });
}

Deno.test("the viewer answers to names of this machine only (DNS rebinding)", async () => {
  await using viewer = await startViewer({ port: 0 });
  for (const host of ["127.0.0.1", "localhost", "[::1]", "agent.localhost", "127.1.2.3"]) {
    assert.equal((await send(viewer, "/api/summary", { host: `${host}:${viewer.port}` })).status, 200, host);
  }
  for (
    const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"]
  ) {
    for (const path of ["/", "/api/summary", "/api/events", "/assets/page.js"]) {
      assert.equal((await send(viewer, path, { host })).status, 403, `${host} ${path}`);
    }
  }
});

Deno.test("pages of other sites read nothing, clear nothing and send nothing", async () => {
  await using viewer = await startViewer({ port: 0 });
  await sendConversations(viewer.url, [{ seed: 1, startMs: NOON, turns: 1 }]);
  for (const site of ["cross-site", "same-site"]) {
    assert.equal((await send(viewer, "/api/traces", { "sec-fetch-site": site })).status, 403);
    assert.equal((await send(viewer, "/api/traces", { "sec-fetch-site": site }, "DELETE")).status, 403);
  }
  assert.equal(
    (await send(viewer, "/", { "sec-fetch-site": "cross-site" })).status,
    200,
    "a link may lead here",
  );
  for (const origin of ["https://evil.example", "null", "http://evil.example:4318"]) {
    const asked = await send(
      viewer,
      "/v1/traces",
      { origin, "access-control-request-method": "POST" },
      "OPTIONS",
    );
    assert.deepEqual([asked.status, asked.headers["access-control-allow-origin"]], [403, undefined]);
    assert.equal(
      (await send(viewer, "/v1/traces", { origin, "content-type": "application/json" }, "POST")).status,
      403,
    );
  }
  assert.equal((await ask<Summary>(viewer, "summary")).traces, 1);
});

Deno.test("pages on this machine may send telemetry, and still read nothing", async () => {
  await using viewer = await startViewer({ port: 0 });
  const origin = "http://localhost:5173";
  const asked = await send(
    viewer,
    "/v1/traces",
    { origin, "access-control-request-headers": "content-type" },
    "OPTIONS",
  );
  assert.deepEqual([asked.status, asked.headers["access-control-allow-origin"], asked.headers.vary], [
    204,
    origin,
    "Origin",
  ]);
  const read = await send(viewer, "/api/summary", { origin });
  assert.equal(read.headers["access-control-allow-origin"], undefined);
});

Deno.test("every answer forbids scripts and styles from elsewhere, framing, and markup out of text", async () => {
  await using viewer = await startViewer({ port: 0 });
  for (
    const path of [
      "/",
      "/charts",
      "/traces/1",
      "/assets/page.js",
      "/assets/page.css",
      "/api/summary",
      "/nowhere",
    ]
  ) {
    const { headers } = await send(viewer, path, {});
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'/, path);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.match(policy, /frame-ancestors 'none'; require-trusted-types-for 'script'$/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
  }
});

Deno.test("a viewer that is open to others answers to any name, and says so", async () => {
  await using viewer = await startViewer({ port: 0, hostname: "0.0.0.0" });
  assert.equal(viewer.loopback, false);
  const { status, text } = await send(viewer, "/api/summary", { host: "devbox.example:4318" });
  assert.equal(status, 200);
  assert.equal(JSON.parse(text).loopback, false);
});

Deno.test("all can be forgotten", async () => {
  await using viewer = await startViewer({ port: 0 });
  await sendConversations(viewer.url, [{ seed: 1, startMs: NOON, turns: 1 }]);
  const response = await fetch(`${viewer.url}/api/traces`, { method: "DELETE" });
  assert.equal(response.status, 204);
  const { traces, spans } = await ask<Summary>(viewer, "summary");
  assert.deepEqual([traces, spans], [0, 0]);
});

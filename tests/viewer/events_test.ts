/** The page hears of what comes. */

import assert from "node:assert/strict";
import type { Change } from "../../src/viewer/api.ts";
import { startViewer } from "../../src/viewer/mod.ts";
import { NOON, sendConversations, telemetryTo } from "./send.ts";

/** The events of a stream, as they come. */
async function* eventsOf(response: Response): AsyncGenerator<{ name: string; data: string }> {
  let text = "";
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const fields = new Map(
        text.slice(0, end).split("\n").map((line) => line.split(": ", 2) as [string, string]),
      );
      text = text.slice(end + 2);
      if (fields.has("event")) yield { name: fields.get("event")!, data: fields.get("data") ?? "" };
    }
  }
}

Deno.test("changes are told at once and gathered: one event for what came together", async () => {
  await using viewer = await startViewer({ port: 0 });
  const response = await fetch(`${viewer.url}/api/events`);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const events = eventsOf(response);
  assert.equal((await events.next()).value?.name, "hello");
  const sent = await sendConversations(
    viewer.url,
    [1, 2, 3].map((seed) => ({ seed, startMs: NOON, turns: 20 })),
  );
  const { name, data } = (await events.next()).value!;
  assert.equal(name, "change");
  const change: Change = JSON.parse(data);
  assert.deepEqual(new Set(change.traces), new Set(sent.map(({ traceId }) => traceId)));
  assert.equal(change.metrics, false);
  await events.return(undefined);
});

Deno.test("too many traces to name are told as such, and metrics as metrics", async () => {
  await using viewer = await startViewer({ port: 0 });
  const events = eventsOf(await fetch(`${viewer.url}/api/events`));
  await events.next();
  await using telemetry = telemetryTo(viewer.url);
  for (let index = 0; index < 80; index++) telemetry.tracer.startSpan("one").end();
  await telemetry.flush();
  assert.deepEqual(JSON.parse((await events.next()).value!.data), { traces: [], metrics: false });
  telemetry.meterProvider.getMeter("test").createCounter("calls").add(1);
  await telemetry.flush();
  assert.equal(JSON.parse((await events.next()).value!.data).metrics, true);
  await events.return(undefined);
});

Deno.test("pages that go leave nothing behind, and the viewer can end while some are open", async () => {
  const viewer = await startViewer({ port: 0 });
  const first = eventsOf(await fetch(`${viewer.url}/api/events`));
  const second = eventsOf(await fetch(`${viewer.url}/api/events`));
  await first.next();
  await second.next();
  await first.return(undefined);
  await viewer.close();
  await viewer.close();
  await second.next().catch(() => {});
});

Deno.test("so many pages and no more", async () => {
  await using viewer = await startViewer({ port: 0 });
  const open: Response[] = [];
  for (let index = 0; index < 32; index++) open.push(await fetch(`${viewer.url}/api/events`));
  const refused = await fetch(`${viewer.url}/api/events`);
  assert.equal(refused.status, 503);
  await refused.text();
  for (const response of open) await response.body!.cancel();
});

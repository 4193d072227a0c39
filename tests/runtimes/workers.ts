/** Durable Objects in workerd: contexts over RPC, and sockets that hibernate although telemetry is there. */

import assert from "node:assert/strict";
import type { ReceivedSpan } from "../../src/testing/mod.ts";
import { openLine } from "../support/voice_caller.ts";
import { bundle } from "./host/bundle.ts";
import { BARE_DATE, WORKER_CONDITIONS } from "./host/runtimes.ts";
import { openStage } from "./host/stage.ts";
import { IDLE_MS, serveWorker } from "./host/workerd.ts";

const CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** Registers the tests. */
export function testWorkers(): void {
  Deno.test("a Durable Object: contexts go over RPC and sockets, and the sockets hibernate", async (t) => {
    await using stage = await openStage();
    const { provider, collector } = stage.addresses("rooms");
    await using worker = await serveWorker({
      script: await bundle({ entry: "rooms.ts", conditions: WORKER_CONDITIONS }),
      compatibilityDate: BARE_DATE,
      compatibilityFlags: [],
      variables: { PROVIDER: provider, OTEL_EXPORTER_OTLP_ENDPOINT: collector },
      objects: { className: "Room", binding: "ROOMS" },
    });
    const base = `127.0.0.1:${worker.port}/rooms`;
    const { receiver } = stage;
    // careless requests may lose theirs or not
    const kept = () => receiver.spans.filter(({ name }) => name !== "careless");
    const spans = async (count: number): Promise<readonly ReceivedSpan[]> => {
      await receiver.waitForSpans(() => kept().length >= count);
      return kept();
    };

    await t.step("an attempt made over there is a child of the request here", async () => {
      await (await fetch(`http://${base}/a/ask`, { method: "POST", headers: { traceparent: CALLER } }))
        .text();
      const all = await spans(2);
      const request = all.find(({ name }) => name === "POST /rooms/:name/ask")!;
      const attempt = all.find(({ name }) => name === "llm_request_run")!;
      assert.equal(request.parentSpanId, "b7ad6b7169203331");
      assert.equal(attempt.parentSpanId, request.spanId);
    });

    await t.step(
      "requests at once do not wait for one another's exports, and all of them arrive",
      async () => {
        const before = (await spans(2)).length;
        const asks = Array.from({ length: 40 }, async (_, index) => {
          const response = await fetch(`http://${base}/many_${index % 4}/ask`, { method: "POST" });
          assert.match(await response.text(), /chatcmpl-whole/);
        });
        await Promise.all(asks);
        const all = (await spans(before + 80)).slice(before);
        const requests = all.filter(({ name }) => name === "POST /rooms/:name/ask").map(({ spanId }) =>
          spanId
        );
        const parents = all.filter(({ name }) => name === "llm_request_run").map((span) =>
          span.parentSpanId!
        );
        assert.deepEqual(parents.sort(), requests.sort());
      },
    );

    await t.step("exports that went with their requests leave nothing stuck", async () => {
      const before = kept().length;
      receiver.behave({ delayMs: 500 });
      for (let requests = 0; requests < 12; requests++) {
        await (await fetch(`http://127.0.0.1:${worker.port}/careless`, { method: "POST" })).text();
      }
      receiver.behave(undefined);
      await (await fetch(`http://${base}/after/ask`, { method: "POST" })).text();
      const names = (await spans(before + 2)).slice(before).map(({ name }) => name);
      assert.deepEqual(names.sort(), ["POST /rooms/:name/ask", "llm_request_run"]);
    });

    const open = (name: string) => openLine(`ws://${base}/${name}`, { traceparent: CALLER });
    const room = await open("b"), held = await open("c");
    const { text: life } = await room.ask("ask"), { text: heldLife } = await held.ask("hold");

    await t.step("an upgrade through the Worker ends its request's span at once", async () => {
      // a Worker's and an object's for each socket, and one attempt
      const all = await spans(89);
      const upgrades = all.filter(({ attributes }) => attributes["http.response.status_code"] === 101);
      assert.deepEqual(upgrades.map(({ name }) => name).sort(), [
        "GET",
        "GET",
        "GET /rooms/:name",
        "GET /rooms/:name",
      ]);
    });

    await t.step(
      "an object that called a provider and exported lets go of its memory, not of its socket",
      async () => {
        let later = life;
        for (let tries = 0; tries < 4 && later === life; tries++) {
          await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
          later = (await room.ask("who")).text;
        }
        assert.notEqual(later, life);
      },
    );

    await t.step("so does not one with a timer, which shows that this can be seen", async () => {
      assert.equal((await held.ask("who")).text, heldLife);
    });

    await t.step("in its next life the socket still knows its trace", async () => {
      const before = (await spans(89)).length;
      await room.ask("ask");
      const all = await spans(before + 1);
      const attempts = all.filter(({ name, traceId }) =>
        name === "llm_request_run" && traceId === CALLER.split("-")[1]
      );
      assert.equal(attempts.length, 3);
      const objects = all.filter(({ name }) => name === "GET").map(({ spanId }) => spanId);
      assert.ok(objects.includes(attempts[1]!.parentSpanId!));
      assert.equal(attempts[1]!.parentSpanId, attempts[2]!.parentSpanId);
    });
    await room.close();
    // the held one does not answer a close any more
    await worker[Symbol.asyncDispose]();
    await held.closed;
  });
}

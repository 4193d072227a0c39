/** What goes to the collector, and when. */

import { CALL, type Case, type World } from "./world.ts";

/** What keeps a Worker alive. */
function keeper() {
  const works: Promise<unknown>[] = [];
  return {
    works,
    waitUntil: (work: Promise<unknown>) => void works.push(work),
  };
}

/** All that is waited for, that which comes meanwhile included. */
async function settle(works: readonly Promise<unknown>[]): Promise<void> {
  for (let index = 0; index < works.length; index++) await works[index];
}

/** A request as a Worker gets it. */
function incoming(path: string): Request {
  return new Request(`http://agent.example${path}`, {
    headers: {
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    },
  });
}

/** A Hono app that asks a provider. */
function createApp({ library, options, url }: World) {
  const app = new library.Hono().use(library.agentTelemetry(options()));
  app.get("/chat/:id", async (c) => {
    const upstream = await c.var.telemetry.fetch(url("stream"), CALL);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return new Response(upstream.body, { headers: { "x-own": "kept" } });
  });
  return app;
}

export const sending: readonly Case[] = [
  {
    name: "spans and measurements go out as OTLP, once",
    async run({ assert, addresses, metrics, service, spans, start, url }) {
      const telemetry = start({
        resourceAttributes: { "deployment.environment.name": "test" },
      });
      for (let calls = 0; calls < 3; calls++) {
        await (await telemetry.fetch(url("stream"), CALL)).text();
      }
      assert.deepEqual(await telemetry.flush(), {
        complete: true,
        exportedSpans: 3,
        droppedSpans: 0,
      });
      const all = await spans(3);
      assert.equal(all.length, 3);
      assert.equal(
        all[0]!.resource["service.name"],
        service,
        addresses.runtime,
      );
      assert.equal(all[0]!.resource["deployment.environment.name"], "test");
      const names = await metrics();
      assert.ok(
        names.includes("gen_ai.client.operation.duration"),
        names.join(),
      );
      assert.ok(names.includes("gen_ai.client.token.usage"), names.join());
      await telemetry.flush();
      assert.equal((await spans(3)).length, 3);
    },
  },
  {
    name: "a collector that is down harms no call, and what is lost is counted",
    async run({ assert, start, url }) {
      const stages: string[] = [];
      const telemetry = start({
        endpoint: "http://127.0.0.1:9",
        timeoutMs: 500,
        onError: (_error, stage) => void stages.push(stage),
      });
      assert.ok(
        (await (await telemetry.fetch(url("whole"), CALL)).text()).length > 10,
      );
      await telemetry.flush();
      assert.equal(telemetry.stats().droppedSpans, 1);
      assert.ok(stages.includes("export"));
    },
  },
  {
    name: "what has ended is sent through waitUntil, when the answer's body has ended",
    async run({ assert, spans, start, url }) {
      const telemetry = start();
      const { works, waitUntil } = keeper();
      const request = telemetry.startRequest(incoming("/chat"), {
        route: "/chat",
        waitUntil,
      });
      const upstream = await request.fetch(url("stream"), CALL);
      const response = request.respond(new Response(upstream.body, upstream));
      assert.equal(works.length, 0);
      assert.ok((await response.text()).endsWith("data: [DONE]\n\n"));
      assert.ok(works.length > 0);
      await settle(works);
      const all = await spans(2);
      const served = all.find(({ name }) => name === "GET /chat")!;
      assert.equal(served.kind, "SERVER");
      assert.equal(served.traceId, "0af7651916cd43dd8448eb211c80319c");
      assert.equal(served.parentSpanId, "b7ad6b7169203331");
      assert.equal(
        all.find(({ name }) => name === "llm_request_run")!.parentSpanId,
        served.spanId,
      );
    },
  },
  {
    name: "Hono: one span for each of many requests at once, all sent, each attempt under its own",
    async run(world) {
      const app = createApp(world);
      const { works, waitUntil } = keeper();
      const ctx = { waitUntil, passThroughOnException() {}, props: {} };
      const ids = Array.from({ length: 20 }, (_, index) => `/chat/${index}`);
      await Promise.all(ids.map(async (path) => {
        const response = await app.fetch(
          new Request(`http://agent.example${path}`),
          {},
          ctx,
        );
        world.assert.equal(response.headers.get("x-own"), "kept");
        world.assert.ok((await response.text()).endsWith("data: [DONE]\n\n"));
      }));
      await settle(works);
      const all = await world.spans(40);
      const served = all.filter(({ name }) => name === "GET /chat/:id");
      const attempts = all.filter(({ name }) => name === "llm_request_run");
      world.assert.deepEqual(
        attempts.map(({ parentSpanId }) => parentSpanId).sort(),
        served.map(({ spanId }) => spanId).sort(),
      );
      world.assert.equal(
        new Set(served.map(({ traceId }) => traceId)).size,
        20,
      );
    },
  },
  {
    name: "Hono: a caller that leaves cancels the provider, and both spans say so",
    async run(world) {
      const app = new world.library.Hono().use(
        world.library.agentTelemetry(world.options()),
      );
      app.get("/", (c) => c.var.telemetry.fetch(world.url("stall"), CALL));
      const { works, waitUntil } = keeper();
      const ctx = { waitUntil, passThroughOnException() {}, props: {} };
      const response = await app.fetch(
        new Request("http://agent.example/"),
        {},
        ctx,
      );
      const reader = response.body!.getReader();
      await reader.read();
      await reader.cancel();
      world.assert.equal((await world.call()).outcome, "cancelled");
      await settle(works);
      const outcomes = (await world.spans(2)).map(({ attributes }) => attributes["teespan.outcome"]);
      world.assert.deepEqual(outcomes, ["cancelled", "cancelled"]);
    },
  },
];

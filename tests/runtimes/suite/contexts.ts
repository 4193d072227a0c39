/** Whose child an attempt is, and where the trace goes on. */

import { CALL, type Case, type SeenSpan } from "./world.ts";

/** Each attempt's parent, by name. */
function parents(spans: readonly SeenSpan[]): readonly (string | undefined)[] {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans.filter(({ name }) => name === "llm_request_run")
    .map(({ parentSpanId }) => names.get(parentSpanId ?? "")).sort();
}

export const contexts: readonly Case[] = [
  {
    name: "a session's attempts are its own, from timers, microtasks and other callbacks",
    async run({ assert, spans, start, url }) {
      const telemetry = start();
      const ask = async (
        session: { readonly fetch: typeof fetch },
      ): Promise<void> => {
        await (await session.fetch(url("whole"), CALL)).text();
      };
      await Promise.all(["one", "two"].map(async (name) => {
        const session = telemetry.startSession({ id: name, name });
        await ask(session);
        await new Promise<void>((resolve, reject) => setTimeout(() => ask(session).then(resolve, reject), 1));
        await new Promise<void>((resolve, reject) =>
          queueMicrotask(() => ask(session).then(resolve, reject))
        );
        const target = new EventTarget();
        const heard = new Promise<void>((resolve, reject) =>
          target.addEventListener(
            "ask",
            () => ask(session).then(resolve, reject),
          )
        );
        target.dispatchEvent(new Event("ask"));
        await heard;
        session.end();
      }));
      await telemetry.flush();
      assert.deepEqual(parents(await spans(10)), [
        ...Array(4).fill("one"),
        ...Array(4).fill("two"),
      ]);
    },
  },
  {
    name: "views of parallel requests keep their own context",
    async run({ assert, spans, start, url }) {
      const telemetry = start();
      await Promise.all(["one", "two", "three"].map(async (name) => {
        const request = telemetry.startRequest(
          new Request(`http://agent.example/${name}`),
          { route: `/${name}` },
        );
        const upstream = await request.fetch(url("stream"), CALL);
        await new Promise((resolve) => setTimeout(resolve, 1));
        await (await request.fetch(url("whole"), CALL)).text();
        await request.respond(new Response(upstream.body)).text();
      }));
      await telemetry.flush();
      const names = ["GET /one", "GET /three", "GET /two"];
      assert.deepEqual(
        parents(await spans(9)),
        names.flatMap((name) => [name, name]),
      );
    },
  },
  {
    name: "the active span is the parent across awaits, timers and streams that are read elsewhere",
    async run({ assert, options, library, spans, url }) {
      // registered: the only case that looks at the globals
      const telemetry = library.startTelemetry(options({ register: true }));
      try {
        await Promise.all(
          ["one", "two"].map((name) =>
            telemetry.tracer.startActiveSpan(name, async (span) => {
              await Promise.resolve();
              const first = await telemetry.fetch(url("whole"), CALL);
              await new Promise((resolve) => setTimeout(resolve, 1));
              await first.text();
              await (await telemetry.fetch(url("stream"), CALL)).text();
              span.end();
            })
          ),
        );
        await telemetry.flush();
        assert.deepEqual(parents(await spans(6)), ["one", "one", "two", "two"]);
      } finally {
        await telemetry.shutdown();
      }
    },
  },
  {
    name: "a listed host gets the trace, another the very request",
    async run({ assert, call, start, spans, url }) {
      const telemetry = start({ propagateTo: ["api.openai.com"] });
      await (await telemetry.fetch(url("whole"), CALL)).text();
      await telemetry.flush();
      const [span] = await spans(1);
      assert.equal(
        (await call()).headers.traceparent,
        `00-${span!.traceId}-${span!.spanId}-01`,
      );
      await (await start().fetch(url("whole"), CALL)).text();
      assert.equal((await call()).headers.traceparent, undefined);
    },
  },
  {
    name: "a socket to a listed host carries the trace",
    only: ["deno", "bun", "node 22", "node 24"],
    async run({ assert, handshake, start }) {
      const telemetry = start({ propagateTo: ["acme.example"] });
      const carrier = {
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      };
      const socket = new (telemetry.within(carrier).WebSocket)(
        "wss://acme.example/v1/speak",
        ["a", "b"],
      );
      await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
      assert.equal(socket.protocol, "a");
      const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
      socket.close();
      await closed;
      assert.equal((await handshake()).traceparent, carrier.traceparent);
    },
  },
];

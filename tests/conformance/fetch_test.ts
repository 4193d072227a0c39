/**
 * A wrapped `fetch` and its body against the platform's own, in the cases by which the Web Platform Tests judge them
 * (`fetch/api/{abort,basic,body,headers,redirect,response}`, `streams/{piping,readable-streams,readable-byte-streams}`):
 * whatever the platform does, right or not, the wrapped one does.
 *
 * @see {@link https://github.com/web-platform-tests/wpt}
 */

import assert from "node:assert/strict";
import { startKept } from "../support/memory_exporter.ts";

/** Where the wrapped one differs, and why that is so. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  "the guard of headers":
    "a response whose body is another is one that was made, not fetched: its headers can be changed",
};

type Fetch = typeof globalThis.fetch;

/** Makes a call that is recognized; the server answers by the name of the answer. */
type Call = (answer: string, init?: RequestInit) => Promise<Response>;

interface Case {
  readonly name: string;
  /** Gives what is to be the same. */
  readonly run: (call: Call) => unknown;
}

const TEXT = "first, second, third: ÄÖÜ €";
const bytes = new TextEncoder().encode(TEXT);
const abortReason = new Error("the caller's own reason");

/** What the server says. */
function respond(request: Request): Response {
  const url = new URL(request.url);
  const answer = url.searchParams.get("answer") ?? "";
  if (/^\d+$/.test(answer)) return new Response(null, { status: Number(answer), statusText: "As it is" });
  switch (answer) {
    case "text":
      return new Response(TEXT, {
        status: 201,
        headers: [["content-type", "text/plain;charset=utf-8"], ["x-a", "1"], ["x-a", "2"], [
          "set-cookie",
          "a=1",
        ], ["set-cookie", "b=2"]],
      });
    case "json":
      return Response.json({ a: [1, "ä", null] });
    case "broken json":
      return new Response("{", { headers: { "content-type": "application/json" } });
    case "bom":
      return new Response(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff));
    case "empty":
      return new Response("");
    case "form":
      return new Response("a=1&b=%C3%A4", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
    case "multipart": {
      const part = (about: string, content: string): string =>
        `--edge\r\nContent-Disposition: form-data; ${about}\r\n\r\n${content}\r\n`;
      return new Response(
        `${part('name="a"', "1")}${
          part('name="file"; filename="name.txt"\r\nContent-Type: text/plain', "inside")
        }--edge--\r\n`,
        { headers: { "content-type": "multipart/form-data; boundary=edge" } },
      );
    }
    case "redirect":
      return new Response(null, {
        status: 307,
        headers: { location: `${url.pathname}?answer=text` },
      });
    case "gzip":
      return new Response(
        new Blob([TEXT.repeat(50)]).stream().pipeThrough(new CompressionStream("gzip")),
        { headers: { "content-encoding": "gzip", "content-type": "text/plain" } },
      );
    case "slow":
      return new Response(inPieces(20, 5));
    case "endless":
      return new Response(inPieces(Infinity, 2));
    case "reset":
      return new Response(inPieces(3, 5, true));
    default:
      return new Response("?", { status: 404 });
  }
}

function inPieces(count: number, everyMs: number, broken = false): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (sent++ < count) controller.enqueue(bytes);
      else if (broken) controller.error(new Error("reset"));
      else controller.close();
    },
  });
}

/** How something ended: with its value, or its error's class, name and text. */
async function ending(work: () => unknown): Promise<unknown> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: describe(error) };
  }
}

function describe(error: unknown): unknown {
  if (error === abortReason) return "the caller's own reason";
  return error instanceof Error ? [error.constructor.name, error.name, error.message] : error;
}

function state({ bodyUsed, body }: Response): unknown {
  return { bodyUsed, locked: body?.locked, body: body === null ? null : body?.constructor.name };
}

function head(response: Response): unknown {
  const { status, statusText, ok, redirected, type, url, headers } = response;
  const known = [...headers].filter(([name]) => name !== "date");
  return { status, statusText, ok, redirected, type, path: url.replace(/^.*:\d+/, ""), known };
}

const methods = ["text", "json", "arrayBuffer", "blob", "bytes", "formData"] as const;

async function consume(response: Response, method: (typeof methods)[number]): Promise<unknown> {
  const value: unknown = await response[method]();
  if (value instanceof ArrayBuffer) return ["ArrayBuffer", ...new Uint8Array(value)];
  if (value instanceof Blob) return ["Blob", value.type, await value.text()];
  if (value instanceof FormData) {
    return Promise.all(
      [...value].map(async (
        [name, one],
      ) => [name, typeof one === "string" ? one : [one.name, await one.text()]]),
    );
  }
  return value instanceof Uint8Array ? ["Uint8Array", ...value] : value;
}

async function readAll(body: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text;
}

const cases: Case[] = [
  // response-consume, response-consume-empty, response-consume-stream, response-form-data
  ...["text", "json", "broken json", "bom", "empty", "form", "multipart", "gzip", "204"].flatMap((answer) =>
    methods.map((method): Case => ({
      name: `${method}() of ${answer}, and once more`,
      run: async (call) => {
        const response = await call(answer);
        const before = state(response);
        const pending = ending(() => consume(response, method));
        const during = state(response);
        const first = await pending;
        const again = await ending(() => consume(response, method));
        return [before, during, first, state(response), again, await ending(() => state(response.clone()))];
      },
    }))
  ),
  // headers-basic, response-init, redirect-location, null bodies
  ...["text", "json", "empty", "redirect", "204", "205", "304", "404", "500"].map((answer): Case => ({
    name: `status, headers, url and type of ${answer}`,
    run: async (call) => {
      const response = await call(answer);
      const seen = [head(response), state(response), head(response.clone()), response.headers.getSetCookie()];
      return [...seen, await ending(() => response.text())];
    },
  })),
  ...(["manual", "error", "follow"] as const).map((redirect): Case => ({
    name: `redirect: ${redirect}`,
    run: (call) =>
      ending(async () => {
        const response = await call("redirect", { redirect });
        return [head(response), state(response), await response.text()];
      }),
  })),
  {
    name: "the guard of headers",
    run: async (call) => {
      const response = await call("text");
      const outcomes = [
        await ending(() => response.headers.set("x-new", "1")),
        await ending(() => response.headers.append("x-a", "3")),
        await ending(() => response.headers.delete("x-a")),
        await ending(() => response.headers.set("bad name", "1")),
        await ending(() => response.headers.set("set-cookie", "c")),
        [...response.headers].filter(([name]) => name !== "date"),
      ];
      await response.body?.cancel();
      return outcomes;
    },
  },
  {
    name: "what a response is",
    run: async (call) => {
      const response = await call("text");
      const seen = [
        response instanceof Response,
        Object.prototype.toString.call(response),
        Object.getPrototypeOf(response) === Response.prototype,
        response.headers === response.headers,
        response.body === response.body,
        Object.keys(response),
        await ending(() => (response as { status: number }).status = 1),
        await ending(() => (response as { url: string }).url = "x"),
        await ending(() => Reflect.apply(Response.prototype.text, {}, [])),
        head(new Response(response.body, response)),
      ];
      return seen;
    },
  },
  {
    name: "static methods have nothing to do with it",
    run: (call) =>
      ending(async () => {
        const response = await call("204");
        const Class = response.constructor as typeof Response;
        return [head(Class.error()), head(Class.redirect("http://x.test/", 303)), head(Class.json({ a: 1 }))];
      }),
  },
  // response-clone
  {
    name: "clone() before reading, both read",
    run: async (call) => {
      const response = await call("text");
      const clone = response.clone();
      const states = [state(response), state(clone), response.body === clone.body, head(clone)];
      return [
        ...states,
        ...await Promise.all([response.text(), clone.text()]),
        state(response),
        state(clone),
      ];
    },
  },
  {
    name: "clone() of a clone, one cancelled",
    run: async (call) => {
      const response = await call("slow");
      const clone = response.clone();
      const third = clone.clone();
      void response.body?.cancel("done").catch(() => {});
      const texts = await Promise.all([clone.text(), third.text()]);
      return [texts, state(response), state(clone), head(third)];
    },
  },
  {
    name: "clone() of one that is locked or read",
    run: async (call) => {
      const response = await call("text");
      const reader = response.body!.getReader();
      const locked = await ending(() => response.clone());
      reader.releaseLock();
      const released = await ending(() => state(response.clone()));
      await response.text();
      return [locked, released, await ending(() => response.clone())];
    },
  },
  // response-stream-disturbed-1 to 6, response-stream-disturbed-by-pipe
  ...methods.map((method): Case => ({
    name: `${method}() of a body that is locked, was released, was read, was cancelled`,
    run: async (call) => {
      const locked = await call("text");
      locked.body!.getReader();
      const whileLocked = [await ending(() => consume(locked, method)), state(locked)];
      const released = await call("text");
      released.body!.getReader().releaseLock();
      const afterRelease = [state(released), await ending(() => consume(released, method))];
      const read = await call("slow");
      const reader = read.body!.getReader();
      await reader.read();
      reader.releaseLock();
      const afterRead = [await ending(() => consume(read, method)), state(read)];
      await read.body!.cancel();
      const cancelled = await call("endless");
      const cancel = await ending(() => cancelled.body!.cancel("enough"));
      return [
        whileLocked,
        afterRelease,
        afterRead,
        cancel,
        await ending(() => consume(cancelled, method)),
        state(cancelled),
      ];
    },
  })),
  {
    name: "pipeTo() disturbs at once",
    run: async (call) => {
      const response = await call("text");
      const piped = response.body!.pipeTo(new WritableStream());
      const during = [state(response), await ending(() => response.text())];
      await piped;
      return [during, state(response)];
    },
  },
  // readable-streams/{general,async-iterator,tee,cancel}, readable-byte-streams/general
  {
    name: "tee() of the body",
    run: async (call) => {
      const response = await call("slow");
      const [one, two] = response.body!.tee();
      const during = state(response);
      const texts = await Promise.all([readAll(one), readAll(two)]);
      return [during, texts, await ending(() => response.text())];
    },
  },
  {
    name: "async iteration, broken off and held",
    run: async (call) => {
      const response = await call("endless");
      for await (const chunk of response.body!.values({ preventCancel: true })) {
        if (chunk.length > 0) break;
      }
      const held = state(response);
      for await (const chunk of response.body!) {
        if (chunk.length > 0) break;
      }
      const reader = response.body!.getReader();
      return [held, state(response), await reader.read()];
    },
  },
  {
    name: "readers: one at a time, released with a read pending, closed",
    run: async (call) => {
      const response = await call("slow");
      const reader = response.body!.getReader();
      const second = await ending(() => response.body!.getReader());
      const pending = ending(() => reader.read());
      reader.releaseLock();
      const released = [await pending, await ending(() => reader.read()), await ending(() => reader.closed)];
      const another = response.body!.getReader();
      while (!(await another.read()).done);
      return [second, released, await ending(() => another.closed), await another.read()];
    },
  },
  ...[1, 7, 1000].map((size): Case => ({
    name: `a BYOB reader with views of ${size} bytes`,
    run: async (call) => {
      const response = await call("slow");
      const reader = response.body!.getReader({ mode: "byob" });
      const parts: number[] = [];
      let view = new Uint8Array(new ArrayBuffer(size));
      while (true) {
        const given = view;
        const { done, value } = await reader.read(view);
        assert.equal(given.buffer.detached, true);
        if (done) {
          return [
            parts,
            value?.byteLength,
            value?.buffer.byteLength,
            await ending(() => reader.closed),
          ];
        }
        parts.push(...value);
        view = new Uint8Array(value.buffer);
      }
    },
  })),
  {
    name: "a BYOB reader: other views, min, empty and detached ones, cancel",
    run: async (call) => {
      const response = await call("endless");
      const reader = response.body!.getReader({ mode: "byob" });
      const floats = await ending(async () => {
        const { value, done } = await reader.read(new Float32Array(3));
        return [value?.constructor.name, value?.length, done];
      });
      const atLeast = await ending(async () => {
        const { value } = await reader.read(new Uint8Array(80), { min: 60 });
        return value!.byteLength >= 60;
      });
      const empty = await ending(() => reader.read(new Uint8Array(0)));
      const detached = new Uint8Array(4);
      structuredClone(detached, { transfer: [detached.buffer] });
      const gone = await ending(() => reader.read(detached));
      const pending = ending(() => reader.read(new Uint8Array(1000), { min: 1000 }));
      const cancelled = await ending(() => reader.cancel("enough"));
      const left = await pending as { value?: { done: boolean; value?: Uint8Array } };
      return [floats, atLeast, empty, gone, cancelled, left.value?.done, left.value?.value?.byteLength];
    },
  },
  {
    name: "cancel(): of the body, through the reader, twice, when locked",
    run: async (call) => {
      const response = await call("endless");
      const reader = response.body!.getReader();
      const locked = await ending(() => response.body!.cancel("x"));
      const cancelled = await ending(() => reader.cancel(abortReason));
      const again = await ending(() => reader.cancel("again"));
      return [
        locked,
        cancelled,
        again,
        await reader.read(),
        await ending(() => reader.closed),
        state(response),
      ];
    },
  },
  // piping/{general,close-propagation,error-propagation,abort}
  ...[{}, { preventCancel: true }, { preventAbort: true }, { preventClose: true }].flatMap((options) => [
    {
      name: `pipeTo() to its end, ${JSON.stringify(options)}`,
      run: async (call: Call) => {
        const log: unknown[] = [];
        const target = logging(log);
        const response = await call("slow");
        const outcome = await ending(() => response.body!.pipeTo(target, options));
        return [outcome, joinWrites(log), target.locked, state(response)];
      },
    },
    {
      name: `pipeTo() a sink that fails, ${JSON.stringify(options)}`,
      run: async (call: Call) => {
        const log: unknown[] = [];
        const response = await call("endless");
        const outcome = await ending(() => response.body!.pipeTo(logging(log, 2), options));
        const left = response.body!.getReader();
        const next = await left.read();
        await left.cancel();
        return [outcome, log.filter((one) => typeof one === "string" && !/^write/.test(one)), next.done];
      },
    },
    {
      name: `pipeTo() of a body that fails, ${JSON.stringify(options)}`,
      run: async (call: Call) => {
        const log: unknown[] = [];
        const target = logging(log);
        const outcome = await ending(async () => (await call("reset")).body!.pipeTo(target, options));
        const writer = target.getWriter();
        return [outcome, joinWrites(log), await ending(() => writer.write(bytes))];
      },
    },
    {
      name: `pipeTo() that is aborted, ${JSON.stringify(options)}`,
      run: async (call: Call) => {
        const log: unknown[] = [];
        const controller = new AbortController();
        const response = await call("endless");
        setTimeout(() => controller.abort(abortReason), 15);
        const outcome = await ending(() =>
          response.body!.pipeTo(logging(log), { ...options, signal: controller.signal })
        );
        const reader = response.body!.getReader();
        const { done } = await reader.read();
        await reader.cancel();
        return [
          outcome,
          done,
          log.filter((one) => typeof one !== "string" || !/^write/.test(one)).map(describe),
        ];
      },
    },
  ]),
  {
    name: "pipeThrough() text decoding",
    run: async (call) => {
      const response = await call("slow");
      let text = "";
      for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) text += piece;
      return [text, state(response)];
    },
  },
  // abort/general
  ...[undefined, abortReason, "a text", null, 0].flatMap((reason): Case[] => [
    {
      name: `abort before the call, with ${String(reason)}`,
      run: (call) => ending(() => call("text", { signal: AbortSignal.abort(reason) })),
    },
    {
      name: `abort right after the call, with ${String(reason)}`,
      run: (call) => {
        const controller = new AbortController();
        const pending = ending(() => call("slow", { signal: controller.signal }));
        controller.abort(reason);
        return pending;
      },
    },
    ...methods.map((method): Case => ({
      name: `abort during ${method}(), with ${String(reason)}`,
      run: async (call) => {
        const controller = new AbortController();
        const response = await call("endless", { signal: controller.signal });
        const pending = ending(() => consume(response, method));
        await new Promise((resolve) => setTimeout(resolve, 6));
        controller.abort(reason);
        return [await pending, state(response)];
      },
    })),
    {
      name: `abort with a reader, and with none, with ${String(reason)}`,
      run: async (call) => {
        const controller = new AbortController();
        const { signal } = controller;
        const [idle, read, cloned] = await Promise.all([
          call("endless", { signal }),
          call("endless", { signal }),
          call("endless", { signal }),
        ]);
        const reader = read.body!.getReader();
        await reader.read();
        const clone = cloned.clone();
        const pending = ending(() => reader.read().then(({ done }) => done));
        controller.abort(reason);
        return [
          await ending(() => idle.text()),
          await ending(() => reader.closed),
          await ending(() => clone.text()),
          await ending(() => cloned.text()),
          [await pending].length,
        ];
      },
    },
    {
      name: `abort after the end, with ${String(reason)}`,
      run: async (call) => {
        const controller = new AbortController();
        const response = await call("text", { signal: controller.signal });
        const text = await response.text();
        controller.abort(reason);
        return [text, state(response)];
      },
    },
  ]),
  {
    name: "a timeout in the middle of a body",
    run: async (call) => {
      const response = await call("endless", { signal: AbortSignal.timeout(20) });
      return [await ending(() => response.text()), state(response)];
    },
  },
  {
    name: "a body that breaks off",
    run: async (call) => [
      ...await Promise.all(methods.map((method) => ending(async () => consume(await call("reset"), method)))),
      await ending(async () => readAll((await call("reset")).body!)),
    ],
  },
  // basic/{request-*,error-*}: what the call itself refuses
  {
    name: "calls that cannot be made",
    run: async (call) => [
      await ending(() => call("text", { method: "BAD METHOD" })),
      await ending(() => call("text", { method: Symbol("odd") as unknown as string })),
      await ending(() => call("text", { headers: { "bad name": "x" } })),
      await ending(() => call("text", { method: "GET", body: "x" })),
      await ending(() => call("text", { signal: 7 as unknown as AbortSignal })),
      await ending(() => call("text", { redirect: "odd" as RequestRedirect })),
      await ending(() => call("text", { body: new ReadableStream({ pull: (c) => c.error(abortReason) }) })),
    ],
  },
];

function logging(log: unknown[], failAt = Infinity): WritableStream<Uint8Array> {
  let writes = 0;
  return new WritableStream({
    write(chunk) {
      if (++writes === failAt) throw abortReason;
      log.push(`write ${new TextDecoder("latin1").decode(chunk)}`);
    },
    close: () => void log.push("close"),
    abort: (reason) => void log.push("abort", reason),
  });
}

/** Writes as one: how bytes fall into chunks is the network's. */
function joinWrites(log: readonly unknown[]): unknown {
  const writes = log.filter((one): one is string => typeof one === "string" && one.startsWith("write "));
  return [
    writes.map((one) => one.slice(6)).join(""),
    log.filter((one) => !writes.includes(one as string)).map(describe),
  ];
}

/** Makes calls with that `fetch`; those without a body are made as others, for they are no calls of a model. */
function caller(fetch: Fetch, port: number): Call {
  return (answer, init) =>
    fetch(`http://127.0.0.1:${port}/v1/chat/completions?answer=${answer}`, {
      method: "POST",
      body: '{"model":"m"}',
      ...init,
    });
}

// bodies that are locked, or left alone on purpose, stay open
const leaky = { sanitizeOps: false, sanitizeResources: false };

Deno.test("a wrapped fetch and its body do what the platform's do", leaky, async (t) => {
  await using server = Deno.serve({
    port: 0,
    onListen() {},
    onError: () => new Response("!", { status: 500 }),
  }, respond);
  const { port } = server.addr;
  const telemetry = startKept();
  for (const { name, run } of cases) {
    await t.step({
      name,
      ...leaky,
      fn: async () => {
        const expected = await run(caller(globalThis.fetch, port));
        const actual = await run(caller(telemetry.fetch, port));
        if (name in DIFFERENCES) assert.notDeepEqual(actual, expected);
        else assert.deepEqual(actual, expected);
      },
    });
  }
  await telemetry.shutdown();
  assert.ok(telemetry.spans.length >= cases.length);
  assert.equal(telemetry.stats().openAttempts, 0);
});

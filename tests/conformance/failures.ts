/** Calls that are aborted, break off, or cannot be made. */

import { abortReason, consume, ending, type JudgedCall, methods, readAll, state } from "./judged.ts";

export const failures: readonly JudgedCall[] = [
  // abort/general
  ...[undefined, abortReason, "a text", null, 0].flatMap((reason): JudgedCall[] => [
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
    ...methods.map((method): JudgedCall => ({
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

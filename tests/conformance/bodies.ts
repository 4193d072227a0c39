/** Bodies as streams: locked, read in part, cancelled, branched, iterated, read into buffers. */

import { abortReason, consume, ending, type JudgedCall, methods, readAll, state } from "./judged.ts";

export const bodies: readonly JudgedCall[] = [
  // response-stream-disturbed-1 to 6, response-stream-disturbed-by-pipe
  ...methods.map((method): JudgedCall => ({
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
    name: "async iteration by hand: return() and throw(), before and after a piece",
    run: async (call) => {
      const seen: unknown[] = [];
      for (const preventCancel of [false, true]) {
        for (const pieces of [0, 1]) {
          const response = await call("endless");
          const iterator = response.body!.values({ preventCancel });
          for (let piece = 0; piece < pieces; piece++) seen.push((await iterator.next()).done);
          seen.push(await ending(() => iterator.return!("enough")), await ending(() => iterator.next()));
          seen.push(state(response), "throw" in iterator);
          await response.body!.cancel();
        }
      }
      return seen;
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
  ...[1, 7, 1000].map((size): JudgedCall => ({
    name: `a BYOB reader with views of ${size} bytes`,
    run: async (call) => {
      const response = await call("slow");
      const reader = response.body!.getReader({ mode: "byob" });
      const parts: number[] = [];
      let view = new Uint8Array(new ArrayBuffer(size));
      const left: number[] = [];
      while (true) {
        const given = view;
        const { done, value } = await reader.read(view);
        left.push(given.byteLength); // of what was handed over: nothing
        if (done) {
          return [
            Math.max(...left),
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
];

/** Bodies in pipes. */

import { abortReason, bytes, type Call, describe, ending, type JudgedCall, state } from "./judged.ts";

export const pipes: readonly JudgedCall[] = [
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

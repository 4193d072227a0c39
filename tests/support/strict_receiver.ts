/** The receiver of tests whose exports are our own: at its end each must have been what OTLP wants. */

import assert from "node:assert/strict";
import { type Receiver, startReceiver as start } from "../../src/testing/mod.ts";
import { faultsOf } from "./otlp_rules.ts";

export type { Receiver };

/** Starts it. */
export async function startReceiver(...all: Parameters<typeof start>): Promise<Receiver> {
  const receiver = await start(...all);
  const faults = new Set<string>();
  const check = (): void => {
    for (const request of receiver.requests) for (const fault of faultsOf(request)) faults.add(fault);
  };
  const close = async (): Promise<void> => {
    check();
    const { rejected } = receiver;
    await receiver.close();
    assert.deepEqual([...faults], []);
    assert.equal(rejected, 0, "exports that are none");
  };
  return Object.defineProperties({} as Receiver, {
    ...Object.getOwnPropertyDescriptors(receiver),
    clear: {
      value() {
        check();
        receiver.clear();
      },
    },
    close: { value: close },
    [Symbol.asyncDispose]: { value: close },
  });
}

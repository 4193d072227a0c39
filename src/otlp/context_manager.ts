/**
 * The OpenTelemetry context manager on the runtime's `AsyncLocalStorage`. The official one imports it from
 * `node:async_hooks`, which not every edge runtime has.
 *
 * @module
 */

import { type Context, type ContextManager, ROOT_CONTEXT } from "@opentelemetry/api";
import { asyncLocalStorage, type AsyncStorage } from "./runtime.ts";

/** A context manager, or `undefined` where the runtime has no `AsyncLocalStorage`. */
export function createContextManager(): ContextManager | undefined {
  const AsyncLocalStorage = asyncLocalStorage();
  return AsyncLocalStorage && new AsyncContextManager(new AsyncLocalStorage<Context>());
}

class AsyncContextManager implements ContextManager {
  readonly #storage: AsyncStorage<Context>;

  constructor(storage: AsyncStorage<Context>) {
    this.#storage = storage;
  }

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(context, () => fn.apply(thisArg, args));
  }

  bind<T>(context: Context, target: T): T {
    if (typeof target !== "function") return target;
    const storage = this.#storage;
    return function (this: unknown, ...args: unknown[]): unknown {
      return storage.run(context, () => target.apply(this, args));
    } as T;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

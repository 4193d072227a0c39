/**
 * What the runtime offers, found without importing anything of it.
 *
 * @module
 */

import type { Env } from "./env.ts";

interface Globals {
  readonly Deno?: {
    readonly permissions: { querySync(descriptor: { name: "env" }): { readonly state: string } };
    unrefTimer(id: number): void;
  };
  readonly process?: {
    readonly env?: Env;
    readonly versions?: { readonly node?: string };
    getBuiltinModule?(name: string): unknown;
  };
  readonly navigator?: { readonly userAgent?: string };
  readonly EdgeRuntime?: unknown;
  readonly AsyncLocalStorage?: unknown;
}

const globals = globalThis as unknown as Globals;

/** The part of `AsyncLocalStorage` that a context manager needs. */
export interface AsyncStorage<T> {
  /** Runs `fn` with `store`. */
  run<R>(store: T, fn: () => R): R;
  /** The store of whoever asks. */
  getStore(): T | undefined;
}

/** Whether environment variables can be read without asking the user. In Deno that takes `--allow-env`. */
export function mayReadEnv(): boolean {
  if (globals.Deno === undefined) return true;
  try {
    return globals.Deno.permissions.querySync({ name: "env" }).state === "granted";
  } catch {
    return false;
  }
}

/** The process's environment; empty where there is none, or no permission. */
export function processEnv(): Env {
  try {
    return mayReadEnv() ? globals.process?.env ?? {} : {};
  } catch {
    return {};
  }
}

/**
 * Whether this isolate lives on between requests, so that a timer fires: Deno, Node and Bun as servers, but not
 * Workers and other edge isolates.
 */
export function isLongLived(): boolean {
  const edge = globals.navigator?.userAgent === "Cloudflare-Workers" || globals.EdgeRuntime !== undefined;
  return !edge && (globals.Deno !== undefined || globals.process?.versions?.node !== undefined);
}

/** Lets the process end although the timer is set. */
export function unrefTimer(timer: unknown): void {
  if (typeof timer === "number") globals.Deno?.unrefTimer(timer);
  else (timer as { unref?(): void }).unref?.();
}

/** The runtime's `AsyncLocalStorage`, or `undefined`. */
export function asyncLocalStorage(): (new <T>() => AsyncStorage<T>) | undefined {
  const found = globals.AsyncLocalStorage ?? builtinAsyncHooks()?.AsyncLocalStorage;
  return typeof found === "function" ? found as new <T>() => AsyncStorage<T> : undefined;
}

function builtinAsyncHooks(): { readonly AsyncLocalStorage?: unknown } | undefined {
  try {
    return globals.process?.getBuiltinModule?.("node:async_hooks") as
      | { AsyncLocalStorage?: unknown }
      | undefined;
  } catch {
    return undefined;
  }
}

/**
 * What the runtime offers, found without importing anything of it.
 *
 * @module
 */

interface Globals {
  readonly Deno?: {
    readonly permissions: {
      querySync(descriptor: { name: "env"; variable?: string }): { readonly state: string };
    };
    unrefTimer(id: number): void;
  };
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
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

/**
 * Whether environment variables can be read without asking the user; without a name, whether all can. In Deno that
 * takes `--allow-env`.
 */
export function mayReadEnv(variable?: string): boolean {
  if (globals.Deno === undefined) return true;
  try {
    const descriptor = variable === undefined ? {} : { variable };
    return globals.Deno.permissions.querySync({ name: "env", ...descriptor }).state === "granted";
  } catch {
    return false;
  }
}

/** A variable of the process, or `undefined` where there is none, no process, or no permission. */
export function processVariable(name: string): string | undefined {
  try {
    return mayReadEnv(name) ? globals.process?.env?.[name] : undefined;
  } catch {
    return undefined;
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

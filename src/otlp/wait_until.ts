/**
 * What keeps an isolate alive until work is done, where the platform has it as a global.
 *
 * @module
 */

/** Keeps the isolate alive until `work` is done. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** Where Vercel keeps what belongs to the request that is running. */
const VERCEL_CONTEXT = Symbol.for("@vercel/request-context");

interface Globals {
  readonly EdgeRuntime?: { readonly waitUntil?: WaitUntil };
  readonly [VERCEL_CONTEXT]?: { get?(): { readonly waitUntil?: WaitUntil } | undefined };
}

/** That of Vercel or of Supabase; Workers hand theirs over with the request. */
export function platformWaitUntil(): WaitUntil | undefined {
  const globals = globalThis as unknown as Globals;
  const vercel = globals[VERCEL_CONTEXT]?.get?.();
  if (typeof vercel?.waitUntil === "function") return (work) => vercel.waitUntil?.(work);
  // a text on Vercel
  const runtime = globals.EdgeRuntime;
  if (typeof runtime?.waitUntil === "function") return (work) => runtime.waitUntil?.(work);
  return undefined;
}

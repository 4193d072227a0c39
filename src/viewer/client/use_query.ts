import { useEffect, useRef, useState } from "preact/hooks";
import type { Change } from "../api.ts";
import { change } from "./live.ts";

/** An answer, or what there is until it comes. What was shown stays until something newer is there. */
export interface Query<T> {
  readonly data: T | undefined;
  readonly error: string | undefined;
}

/** Changes are followed at most so often. */
const PAUSE_MS = 250;

/**
 * Asks the viewer, and again whenever something changed that the answer may depend on.
 *
 * @param url what to ask; another one begins anew
 * @param concerns whether a change matters; by default all do
 */
export function useQuery<T>(url: string, concerns: (change: Change) => boolean = () => true): Query<T> {
  const [state, setState] = useState<Query<T> & { readonly url: string }>({
    url,
    data: undefined,
    error: undefined,
  });
  const matters = useRef(concerns);
  matters.current = concerns;

  useEffect(() => {
    const abort = new AbortController();
    let [busy, again] = [false, false];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      again = false;
      try {
        const data = await getJson<T>(url, abort.signal);
        setState({ url, data, error: undefined });
      } catch (error) {
        if (abort.signal.aborted) return;
        setState((before) => ({
          url,
          data: before.url === url && !(error instanceof MissingError) ? before.data : undefined,
          error: (error as Error).message,
        }));
      }
      timer = setTimeout(() => {
        busy = false;
        if (again) ask();
      }, PAUSE_MS);
    };
    ask();
    let first = true;
    const unsubscribe = change.subscribe((latest) => {
      if (!first && matters.current(latest)) ask();
      first = false;
    });
    return () => {
      abort.abort();
      clearTimeout(timer);
      unsubscribe();
    };
  }, [url]);

  return state.url === url ? state : { data: undefined, error: undefined };
}

/** What was asked for is not there. */
class MissingError extends Error {}

/** Asks for JSON. The errors say what a reader can do. */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, signal === undefined ? {} : { signal });
  } catch (error) {
    throw new Error("The viewer does not answer. Is it still running?", { cause: error });
  }
  if (response.ok) return await response.json() as T;
  const body = await response.json().catch(() => ({})) as { error?: unknown };
  const message = typeof body.error === "string" ? body.error : `The viewer answered ${response.status}`;
  throw response.status === 404 ? new MissingError(message) : new Error(message);
}

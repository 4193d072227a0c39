/** What runs of a scenario keep of what went by, and how long they wait. */

type Fetch = typeof globalThis.fetch;

/** The same function, the same promises; what they reject with is kept. */
export function keepErrors(fetch: Fetch): { readonly fetch: Fetch; readonly thrown: readonly unknown[] } {
  const thrown: unknown[] = [];
  return {
    thrown,
    fetch(input, init) {
      const pending = fetch(input, init);
      pending.catch((error) => thrown.push(error));
      return pending;
    },
  };
}

/** The same function, the same promises; what they resolve to is kept, as SDKs leave some bodies open. */
export function keepResponses(
  fetch: Fetch,
): { readonly fetch: Fetch; readonly responses: readonly Response[] } {
  const responses: Response[] = [];
  return {
    responses,
    fetch(input, init) {
      const pending = fetch(input, init);
      pending.then((response) => responses.push(response), () => {});
      return pending;
    },
  };
}

/** Waits, but not for ever: what stays open is a finding. */
export async function withPatience(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise((resolve) => timer = setTimeout(resolve, 3000));
  await Promise.race([work, patience]);
  clearTimeout(timer);
}

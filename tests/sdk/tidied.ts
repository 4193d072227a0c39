/** Timers that SDKs leave behind. */

/** How long an SDK is to wait at most, in milliseconds: an odd number, by which its timers are known. */
export const PATIENCE = 7654;

/** Does something with an SDK that waits so long at most, and clears the timers that it leaves behind. */
export async function tidied<T>(work: () => Promise<T>): Promise<T> {
  const native = globalThis.setTimeout;
  const left: ReturnType<typeof setTimeout>[] = [];
  const keeping = (...all: Parameters<typeof setTimeout>) => {
    const timer = native(...all);
    if (all[1] === PATIENCE) left.push(timer);
    return timer;
  };
  globalThis.setTimeout = keeping as typeof setTimeout;
  try {
    return await work();
  } finally {
    globalThis.setTimeout = native;
    for (const timer of left) clearTimeout(timer);
  }
}

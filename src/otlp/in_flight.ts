/**
 * Exports on their way. On Workers one can be lost with the request in which it was made: it then neither succeeds
 * nor fails, and what counts on its end is stuck.
 *
 * @module
 */

/** One export. */
export interface InFlightExport {
  /** How many items it carries. */
  readonly items: number;
  /** When it was made, on the clock of `performance.now()`. */
  readonly madeAt: number;
  /** Settles when it ends; of one that was lost, never. */
  readonly ended: Promise<void>;
}

/** The exports that are on their way. */
export class InFlight {
  readonly #exports = new Set<InFlightExport>();
  readonly #maxAgeMs: number;

  /** Exports older than so many milliseconds are taken for lost. */
  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  /** How many there are. */
  get size(): number {
    return this.#exports.size;
  }

  /** How many items they carry. */
  get items(): number {
    return [...this.#exports].reduce((sum, { items }) => sum + items, 0);
  }

  /** All of them. */
  list(): InFlightExport[] {
    return [...this.#exports];
  }

  /** Whether it has not ended, and was not given up. */
  has(one: InFlightExport): boolean {
    return this.#exports.has(one);
  }

  /**
   * Follows an export.
   *
   * @param run makes it; its promise does not reject
   * @param ended told of its result, unless it was given up before
   */
  follow<T>(items: number, run: () => Promise<T>, ended: (result: T) => void): InFlightExport {
    const one: InFlightExport = {
      items,
      madeAt: performance.now(),
      ended: run().then((result) => {
        if (this.#exports.delete(one)) ended(result);
      }),
    };
    this.#exports.add(one);
    return one;
  }

  /** Gives up what is lost; says how many items went with it. */
  giveUp(): number {
    const before = performance.now() - this.#maxAgeMs;
    const lost = this.list().filter(({ madeAt }) => madeAt < before);
    for (const one of lost) this.#exports.delete(one);
    return lost.reduce((sum, { items }) => sum + items, 0);
  }
}

/** No export of ours takes so long, ms; one that was given a longer time may take three of those, retries included. */
export const MAX_EXPORT_MS = 60_000;

/** What is known of exports that get lost. */
export interface Loss<E> {
  /** An export that takes longer is lost, ms. */
  readonly maxExportMs: number;
  /** Makes the exporter anew after that; absent for one that was given. */
  readonly renewExporter: (() => E) | undefined;
}

/** What is known of exports to a target: from when on one is lost, and how its exporter is made anew. */
export function lossOf<S extends { readonly timeoutMs: number }, E extends { export: unknown }>(
  target: S | E,
  create: (settings: S) => E,
): Loss<E> {
  if ("export" in target) return { maxExportMs: MAX_EXPORT_MS, renewExporter: undefined };
  return {
    maxExportMs: Math.max(MAX_EXPORT_MS, 3 * target.timeoutMs),
    renewExporter: () => create(target),
  };
}

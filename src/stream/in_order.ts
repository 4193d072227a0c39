/**
 * Steps in their order, although some must wait.
 *
 * @module
 */

/** Runs steps at once while none waits; behind one that waits the others queue up. */
export class InOrder {
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  /** Runs `step` now, or when those before it have run. It must not throw. */
  run(step: () => void): void {
    if (this.#waiting === 0) step();
    else this.#queue(() => Promise.resolve(), step);
  }

  /** Runs `step` with what `get` comes to, or with `undefined` when that fails. */
  runWith<T>(get: Promise<T>, step: (value: T | undefined) => void): void {
    let value: T | undefined;
    const got = get.then((result) => void (value = result), () => {});
    this.#queue(() => got, () => step(value));
  }

  #queue(wait: () => Promise<void>, step: () => void): void {
    this.#waiting++;
    this.#last = this.#last.then(wait).then(() => {
      this.#waiting--;
      step();
    });
  }
}

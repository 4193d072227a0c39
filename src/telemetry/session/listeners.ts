/**
 * Listeners of a session.
 *
 * @module
 */

/** Told of trouble in a listener. */
export type ListenerTrouble = (error: unknown) => void;

/** Listeners by the event that they are told of. What one throws, or rejects with, harms nobody. */
export class Listeners<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => unknown>>();
  readonly #onTrouble: ListenerTrouble;

  /** Listeners whose trouble goes to `onTrouble`. */
  constructor(onTrouble: ListenerTrouble) {
    this.#onTrouble = onTrouble;
  }

  /** Adds a listener; gives what removes it. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => unknown): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    return () => void set.delete(listener);
  }

  /** Whether anyone listens. */
  has(name: keyof Events): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  /** Tells all. Resolves when what they do has come to its end. */
  async tell<Name extends keyof Events>(name: Name, event: Events[Name]): Promise<void> {
    const done = [...this.#listeners.get(name) ?? []].map((listener) => this.#call(listener, event));
    await Promise.all(done);
  }

  /** At once, in the task of the event. */
  async #call(listener: (event: never) => unknown, event: unknown): Promise<void> {
    try {
      await listener(event as never);
    } catch (error) {
      this.#onTrouble(error);
    }
  }
}

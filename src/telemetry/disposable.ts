/**
 * `using` for handles whose class has no word of it: packers write a computed name like `[Symbol.dispose]` in front of
 * the class, as a statement that no bundler may leave out, and the class with it.
 *
 * @module
 */

/** What a class has of a handle that is {@linkcode disposable} when it is handed out. */
export type Undisposable<H extends Disposable> = Omit<H, typeof Symbol.dispose>;

/** Gives a handle what `using` calls. */
export function disposable<H extends object>(handle: H, dispose: () => void): H & Disposable {
  return Object.assign(handle, { [Symbol.dispose]: dispose });
}

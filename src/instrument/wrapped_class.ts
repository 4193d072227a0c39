/**
 * What the wrappers of socket classes have in common: each is a subclass that stands for what it wraps.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { homeOf } from "../telemetry/group.ts";
import { parseUrl } from "./call.ts";
import type { Instrumentation } from "./options.ts";

/** Wrapped classes and what they wrap, so that wrapping twice does not count twice. */
const originals = new WeakMap<object, object>();

/** What a class wraps; itself, when it wraps nothing. */
export function originalOf<C extends object>(Class: C): C {
  return (originals.get(Class) ?? Class) as C;
}

/** A class that is wrapped, as far as it is looked at. */
interface WrappedClass {
  readonly name: string;
  readonly length: number;
  readonly prototype: object;
}

/** Lets a subclass stand for what it wraps: under the same name, with constants, and methods of the same length. */
export function standFor<C extends WrappedClass>(Wrapper: C, Original: C): C {
  originals.set(Wrapper, Original);
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Wrapper.prototype))) {
    const original: unknown = typeof value === "function" && name !== "constructor" &&
      Reflect.get(Original.prototype, name);
    if (typeof original === "function") Object.defineProperty(value, "length", { value: original.length });
  }
  for (const name of Object.keys(Original)) {
    Object.defineProperty(Wrapper, name, Object.getOwnPropertyDescriptor(Original, name)!);
  }
  return Object.defineProperties(Wrapper, {
    name: { value: Original.name, configurable: true },
    length: { value: Original.length, configurable: true },
  });
}

/** Of wrapped classes that extend one another only the last observes. */
export function outermostWrapper(Class: object): object | null {
  let wrapper: object | null = Class;
  while (wrapper !== null && !originals.has(wrapper)) wrapper = Object.getPrototypeOf(wrapper);
  return wrapper;
}

/**
 * The arguments of a socket, with the headers that carry the trace on if it goes where those are wanted.
 *
 * @param add gives the arguments with headers added
 */
export function carryOn<A extends readonly unknown[]>(
  { propagate, scope, onTrouble }: Instrumentation,
  all: A,
  add: (headers: Readonly<Record<string, string>>) => A,
): A {
  if (propagate === undefined) return all;
  return shield("match", onTrouble, () => {
    const url = parseUrl(String(all[0]));
    const headers = url && propagate(url, homeOf(scope.activeContext(), scope.home));
    return headers && add(headers);
  }) ?? all;
}

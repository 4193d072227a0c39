/**
 * Arguments of a tool call that Vertex AI streams: pieces of values, each with the JSON path of its place.
 *
 * @see {@link https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling}
 * @module
 */

import { asList, asObject, asText } from "./json.ts";

/** Characters of paths and values beyond this are not kept. */
const MAX_LENGTH = 262_144;

/** Objects in objects beyond this are not made. */
const MAX_STEPS = 16;

/** `.name`, `[0]`, `['a name']`. */
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

type Step = string | number;

/** Pieces, put together. */
export class PartialArguments {
  readonly #value: object = Object.create(null);
  #left = MAX_LENGTH;

  /** The arguments, as far as they came. */
  get value(): object {
    return this.#value;
  }

  /** More came. */
  add(pieces: unknown): void {
    for (const piece of asList(pieces)) {
      const { jsonPath, stringValue, numberValue, boolValue, nullValue } = asObject(piece) ?? {};
      const path = asText(jsonPath) ?? "";
      const value = stringValue ?? numberValue ?? boolValue ?? (nullValue === undefined ? undefined : null);
      if (value === undefined || typeof value === "object" && value !== null) continue;
      this.#left -= path.length + String(value).length;
      if (this.#left >= 0) put(this.#value, stepsOf(path), value);
    }
  }
}

/** The steps of a path; none where it is no mere path. */
function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = [];
  for (STEP.lastIndex = 1; STEP.lastIndex < path.length;) {
    const [, name, index, quoted, doubly] = STEP.exec(path) ?? [];
    const step = index === undefined ? name ?? quoted ?? doubly : Number(index);
    if (step === undefined || steps.length === MAX_STEPS) return [];
    steps.push(step);
  }
  return steps;
}

/** Puts a value in its place, or the rest of a text behind what is there of it. What does not fit is passed over. */
function put(root: object, steps: readonly Step[], value: unknown): void {
  let place: unknown = root;
  steps.forEach((step, at) => {
    if (!canHold(place, step)) return place = undefined;
    const before = place[step];
    const next = steps[at + 1];
    if (next === undefined) {
      place[step] = typeof before === "string" && typeof value === "string" ? before + value : value;
    } else place = place[step] ??= typeof next === "number" ? [] : Object.create(null);
  });
}

/** Lists have no gaps, and no names. */
function canHold(place: unknown, step: Step): place is Record<Step, unknown> {
  if (Array.isArray(place)) return typeof step === "number" && step <= place.length;
  return typeof place === "object" && place !== null;
}

/**
 * Instruments as this library makes them.
 *
 * @module
 */

import { type Attributes, type Counter, type Histogram, type Meter, ValueType } from "@opentelemetry/api";

/** What an instrument is called and measures. */
export interface InstrumentShape {
  /** Its name. */
  readonly name: string;
  /** Its unit. */
  readonly unit: string;
  /** What it measures. */
  readonly description: string;
}

/** Creates a histogram. Floats only, as all here: Deno's own meter takes no others. */
export function createHistogram(
  meter: Meter,
  { name, unit, description, boundaries }: InstrumentShape & { readonly boundaries: readonly number[] },
): Histogram {
  return meter.createHistogram(name, {
    unit,
    description,
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: [...boundaries] },
  });
}

/** Creates a counter. */
export function createCounter(meter: Meter, { name, unit, description }: InstrumentShape): Counter {
  return meter.createCounter(name, { unit, description, valueType: ValueType.DOUBLE });
}

/** The attributes that have a value: an undefined one would be exported as null. */
export function knownAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

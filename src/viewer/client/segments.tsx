import type { JSX } from "preact";

/** One of a few, as buttons side by side. */
export function Segments<T extends string>(
  { label, options, chosen, choose }: {
    /** What is chosen here, for those who do not see it. */
    readonly label: string;
    readonly options: readonly (readonly [value: T, words: string])[];
    readonly chosen: T;
    readonly choose: (value: T) => void;
  },
): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map(([value, words]) => (
        <button
          key={value}
          type="button"
          aria-pressed={chosen === value}
          onClick={() => choose(value)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

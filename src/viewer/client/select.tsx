import type { JSX } from "preact";

/** One of many, or all of them. */
export function Select(
  { label, all, options, chosen, choose }: {
    /** What is chosen here, for those who do not see it. */
    readonly label: string;
    /** Words for no choice, whose value is the empty text. */
    readonly all: string;
    readonly options: readonly (readonly [value: string, words: string])[];
    readonly chosen: string;
    readonly choose: (value: string) => void;
  },
): JSX.Element {
  return (
    <select aria-label={label} value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">{all}</option>
      {options.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
    </select>
  );
}

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { visible } from "./format.ts";
import { Segments } from "./segments.tsx";
import { Select } from "./select.tsx";

/** What the list is narrowed to; an empty text narrows nothing. */
export interface ListFilter {
  readonly provider: string;
  readonly status: typeof STATUSES[number][0];
  /** Seconds, as text. */
  readonly slow: string;
}

/** All of them. */
export const noFilter: ListFilter = { provider: "", status: "", slow: "" };

const STATUSES = [
  ["", "All"],
  ["error", "With errors"],
  ["retried", "Retried"],
  ["interrupted", "Barge-in"],
  ["ok", "Without errors"],
] as const;
const SLOW = ["1", "1.5", "2", "3", "5"];

/** The controls above the list. */
export function ListFilters(
  { filter, providers }: { readonly filter: Signal<ListFilter>; readonly providers: readonly string[] },
): JSX.Element {
  const { provider, status, slow } = filter.value;
  const set = (part: Partial<ListFilter>): void => {
    const next = { ...filter.value, ...part };
    filter.value = Object.values(next).every((value) => value === "") ? noFilter : next;
  };
  return (
    <>
      <Segments label="Status" options={STATUSES} chosen={status} choose={(status) => set({ status })} />
      <Select
        label="Provider"
        all="All providers"
        options={[...new Set([...providers, ...provider === "" ? [] : [provider]])].map((
          name,
        ) => [name, visible(name)])}
        chosen={provider}
        choose={(provider) => set({ provider })}
      />
      <Select
        label="Slow turns"
        all="Any latency"
        options={SLOW.map((seconds) => [seconds, `A turn over ${seconds} s`])}
        chosen={slow}
        choose={(slow) => set({ slow })}
      />
    </>
  );
}

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { visible } from "./format.ts";

/** What the list is narrowed to; an empty text narrows nothing. */
export interface ListFilter {
  readonly provider: string;
  readonly status: string;
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
      <div class="segments" role="group" aria-label="Status">
        {STATUSES.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={status === value}
            onClick={() => set({ status: value })}
          >
            {label}
          </button>
        ))}
      </div>
      <select
        aria-label="Provider"
        value={provider}
        onChange={(event) => set({ provider: event.currentTarget.value })}
      >
        <option value="">All providers</option>
        {[...new Set([...providers, ...provider === "" ? [] : [provider]])].map((name) => (
          <option key={name} value={name}>{visible(name)}</option>
        ))}
      </select>
      <select
        aria-label="Slow turns"
        value={slow}
        onChange={(event) => set({ slow: event.currentTarget.value })}
      >
        <option value="">Any latency</option>
        {SLOW.map((seconds) => <option key={seconds} value={seconds}>A turn over {seconds} s</option>)}
      </select>
    </>
  );
}

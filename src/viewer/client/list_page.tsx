import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Summary, TracePage, TraceRow } from "../api.ts";
import { ClearButton } from "./clear_button.tsx";
import { EmptyState } from "./empty_state.tsx";
import { plural } from "./format.ts";
import { type ListFilter, ListFilters, noFilter } from "./list_filters.tsx";
import { More } from "./more.tsx";
import { TraceItem } from "./trace_item.tsx";
import { getJson, useQuery } from "./use_query.ts";

/** Kept while other pages are shown. */
const filter = signal<ListFilter>(noFilter);

/** All conversations, the latest first, as they come. */
export function ListPage({ summary }: { readonly summary: Summary | undefined }): JSX.Element {
  const query = queryOf(filter.value);
  const { data, error } = useQuery<TracePage>(`/api/traces?${query}`);
  const older = useOlder(query, data);
  const now = useNow();
  const filtered = filter.value !== noFilter;
  if (data === undefined) {
    return (
      <main class="page">
        {error !== undefined ? <p class="trouble">{error}</p> : <p class="muted">Loading…</p>}
      </main>
    );
  }
  if (data.total === 0 && !filtered) {
    return (
      <main class="page">
        <EmptyState summary={summary} />
      </main>
    );
  }
  const rows = [
    ...data.rows,
    ...older.rows.filter(({ traceId }) => !data.rows.some((row) => row.traceId === traceId)),
  ];
  return (
    <main class="page">
      <div class="bar">
        <ListFilters filter={filter} providers={summary?.providers ?? []} />
        <span class="muted count" role="status">
          {plural(data.total, "conversation")} <ClearButton />
        </span>
      </div>
      <div class="item item-head" aria-hidden="true">
        <span>Time</span>
        <span>Conversation</span>
        <span>Turns</span>
        <span>End to end</span>
        <span>Providers</span>
        <span>Status</span>
        <span class="item-duration">Duration</span>
      </div>
      <ol class="items" aria-label="Conversations">
        {rows.map((trace) => <TraceItem key={trace.traceId} trace={trace} now={now} />)}
      </ol>
      {data.total === 0 && (
        <p class="none">
          None is like that.{" "}
          <button type="button" class="button" onClick={() => filter.value = noFilter}>Show all</button>
        </p>
      )}
      {older.next !== undefined && <More load={() => void older.load()} />}
    </main>
  );
}

/** Pages after the first. They are not asked again: what is old does not change, but for what goes. */
function useOlder(query: string, first: TracePage | undefined) {
  const [older, setOlder] = useState<
    { query: string; rows: readonly TraceRow[]; next: string | undefined }
  >();
  const own = older?.query === query ? older : undefined;
  const next = own === undefined ? first?.next : own.next;
  const load = async (): Promise<void> => {
    if (next === undefined) return;
    const page = await getJson<TracePage>(`/api/traces?${query}&cursor=${next}`).catch(() => undefined);
    if (page !== undefined) setOlder({ query, rows: [...own?.rows ?? [], ...page.rows], next: page.next });
  };
  const cleared = first?.total === 0;
  return { rows: cleared ? [] : own?.rows ?? [], next, load };
}

/** The time, for words such as "2 min ago". */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function queryOf({ provider, status, slow }: ListFilter): string {
  const query = new URLSearchParams();
  if (provider !== "") query.set("provider", provider);
  if (status !== "") query.set("status", status);
  if (slow !== "") query.set("slow", slow);
  return query.toString();
}

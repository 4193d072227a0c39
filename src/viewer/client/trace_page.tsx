import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { SpanRow, TraceDetail } from "../api.ts";
import { readConversation } from "./conversation.ts";
import { ConversationView } from "./conversation_view.tsx";
import { plural } from "./format.ts";
import { Icon } from "./icons.tsx";
import { follow, go, route, type TraceView } from "./route.ts";
import { Segments } from "./segments.tsx";
import { SpanCard } from "./span_card.tsx";
import { TraceHead } from "./trace_head.tsx";
import { useQuery } from "./use_query.ts";
import { Waterfall } from "./waterfall.tsx";

/** One conversation: its timeline, and the card of what is chosen in it. */
export function TracePage(): JSX.Element {
  const at = route.value;
  const traceId = at.page === "trace" ? at.traceId : "";
  const { data, error } = useQuery<TraceDetail>(
    `/api/traces/${encodeURIComponent(traceId)}`,
    ({ traces }) => traces.length === 0 || traces.includes(traceId),
  );
  const exchanges = useMemo(() => readConversation(data?.spans ?? []), [data]);
  if (at.page !== "trace") return <main class="page" />;
  if (data === undefined) {
    return (
      <main class="page">{error === undefined ? <p class="muted">Loading…</p> : <Gone why={error} />}</main>
    );
  }

  const { trace, spans, related } = data;
  const speaks = exchanges.some(({ kind, spans }) =>
    kind === "turn" || spans.some(({ role }) => role === "attempt")
  );
  const view: TraceView = at.view ?? (speaks ? "conversation" : "spans");
  const chosen = at.spanId;
  const choose = (span: SpanRow | undefined): void => {
    const { spanId: _, ...place } = at;
    go(span === undefined || span.spanId === chosen ? place : { ...place, spanId: span.spanId }, true);
  };
  return (
    <main class={`page trace ${chosen === undefined ? "" : "with-card"}`}>
      <div class="trace-main">
        <a class="back" href="/" onClick={follow({ page: "list" })}>
          <Icon name="back" /> Conversations
        </a>
        <TraceHead trace={trace} spans={spans} related={related} />
        {error !== undefined && <p class="trouble">{error}</p>}
        <div class="bar">
          <Segments
            label="View"
            options={[["conversation", "Conversation"], ["spans", `All spans (${spans.length})`]]}
            chosen={view}
            choose={(view) => go({ ...at, view }, true)}
          />
          <span class="muted count">
            {!trace.complete && "It goes on: what has not ended is not here yet. "}
            {plural(trace.attempts, "attempt")}
          </span>
        </div>
        {view === "conversation"
          ? <ConversationView exchanges={exchanges} trace={trace} chosen={chosen} choose={choose} />
          : <Waterfall spans={spans} chosen={chosen} choose={choose} />}
      </div>
      {chosen !== undefined && (
        <SpanCard
          traceId={trace.traceId}
          spanId={chosen}
          close={() => choose(undefined)}
        />
      )}
    </main>
  );
}

function Gone({ why }: { readonly why: string }): JSX.Element {
  return (
    <section class="empty">
      <h1>Not here</h1>
      <p class="muted">
        {why}. The oldest go first when the viewer is full, and all go when it ends without <code>--db</code>.
      </p>
      <a class="button" href="/" onClick={follow({ page: "list" })}>All conversations</a>
    </section>
  );
}

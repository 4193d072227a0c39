import type { JSX } from "preact";
import type { Summary } from "../api.ts";
import { formatCount, plural } from "./format.ts";
import { connection } from "./live.ts";
import { follow, type Route, route, routePath } from "./route.ts";
import { SearchBox } from "./search_box.tsx";
import { ThemeButton } from "./theme.tsx";

const TABS = [["list", "Conversations"], ["charts", "Charts"], ["metrics", "Metrics"]] as const;
const STATES = { connecting: "connecting", live: "live", lost: "not reached" } as const;

/** What stands above every page. */
export function Header({ summary }: { readonly summary: Summary | undefined }): JSX.Element {
  const { page } = route.value;
  return (
    <header class="top">
      <a
        class="brand"
        href="/"
        onClick={follow({ page: "list" })}
        aria-label="Teespan viewer, all conversations"
      >
        <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
          <rect x="1" y="3" width="20" height="4" rx="2" class="op-llm" />
          <rect x="1" y="9" width="9" height="4" rx="2" class="op-stt" />
          <rect x="8" y="15" width="13" height="4" rx="2" class="op-tts" />
        </svg>
        <span>Teespan</span>
      </a>
      <nav aria-label="Pages">
        {TABS.map(([to, label]) => (
          <a
            key={to}
            href={routePath({ page: to } as Route)}
            onClick={follow({ page: to } as Route)}
            aria-current={page === to || (page === "trace" && to === "list") ? "page" : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      <SearchBox />
      <div class="state">
        {summary !== undefined && <Fill summary={summary} />}
        <span class={`live ${connection.value}`} role="status">{STATES[connection.value]}</span>
        <ThemeButton />
      </div>
    </header>
  );
}

function Fill({ summary }: { readonly summary: Summary }): JSX.Element {
  const { spans, traces, maxSpans, megabytes, maxMegabytes, storage, droppedTraces, droppedSpans, rejected } =
    summary;
  const title = [
    `${plural(traces, "trace")}, ${formatCount(spans)} of ${formatCount(maxSpans)} spans, ` +
    `${megabytes.toFixed(1)} of ${maxMegabytes} MB`,
    storage === "memory" ? "Kept in memory: gone when the viewer ends" : `Kept in ${storage}`,
    droppedSpans > 0
      ? `Dropped for want of room: ${plural(droppedTraces, "trace")}, ${plural(droppedSpans, "span")}`
      : "",
    rejected > 0 ? `${plural(rejected, "request")} could not be read` : "",
  ].filter((line) => line !== "").join("\n");
  return (
    <span class="fill muted" title={title}>
      {plural(spans, "span")}
      {droppedSpans > 0 && <span class="warn">{formatCount(droppedSpans)} dropped</span>}
      {rejected > 0 && <span class="bad">{formatCount(rejected)} rejected</span>}
    </span>
  );
}

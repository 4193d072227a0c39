import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Charts } from "../api.ts";
import { visible } from "./format.ts";
import { LatencyPanel } from "./latency_panel.tsx";
import { modelColors } from "./model_colors.ts";
import { RatePanels } from "./rate_panels.tsx";
import { Segments } from "./segments.tsx";
import { Select } from "./select.tsx";
import { UsageTable } from "./usage_table.tsx";
import { useQuery } from "./use_query.ts";

const WINDOWS = [["900", "15 min"], ["3600", "1 h"], ["21600", "6 h"], ["86400", "24 h"], [
  "",
  "All",
]] as const;

const span = signal<typeof WINDOWS[number][0]>("");
const provider = signal("");

/** What the calls of all conversations were like, over time and by model. */
export function ChartsPage({ providers }: { readonly providers: readonly string[] }): JSX.Element {
  const query = new URLSearchParams();
  // to the minute, so that the question stays the same for a while
  if (span.value !== "") {
    query.set("since", String(Math.floor(Date.now() / 60_000) * 60_000 - Number(span.value) * 1000));
  }
  if (provider.value !== "") query.set("provider", provider.value);
  const { data, error } = useQuery<Charts>(`/api/charts?${query}`);
  const colors = useMemo(() => modelColors(data), [data]);
  return (
    <main class="page charts">
      <div class="bar">
        <Segments
          label="Time"
          options={WINDOWS}
          chosen={span.value}
          choose={(value) => span.value = value}
        />
        <Select
          label="Provider"
          all="All providers"
          options={providers.map((name) => [name, visible(name)])}
          chosen={provider.value}
          choose={(value) => provider.value = value}
        />
      </div>
      {error !== undefined && <p class="trouble">{error}</p>}
      {data === undefined && error === undefined && <p class="muted">Loading…</p>}
      {data !== undefined && data.usage.length === 0 && data.e2e.points.length === 0 && (
        <p class="none">There is nothing to draw yet: no call to a provider came in this time.</p>
      )}
      {data !== undefined && (data.usage.length > 0 || data.e2e.points.length > 0) && (
        <>
          <LatencyPanel
            title="End-to-end latency"
            note="user stopped speaking → agent heard, by the LLM that answered"
            chart={data.e2e}
            colors={colors}
          />
          <LatencyPanel
            title="LLM time to first token"
            note="request → first output"
            chart={data.ttft}
            colors={colors}
          />
          <LatencyPanel
            title="TTS time to first byte"
            note="first text sent → first audio"
            chart={data.ttfb}
            colors={colors}
          />
          <RatePanels charts={data} />
          <UsageTable usage={data.usage} colors={colors} />
        </>
      )}
    </main>
  );
}

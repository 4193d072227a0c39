import type { JSX } from "preact";
import type { Summary } from "../api.ts";
import { CopyButton } from "./copy_button.tsx";

/** What is shown before anything came: how to make something come. */
export function EmptyState({ summary }: { readonly summary: Summary | undefined }): JSX.Element {
  const endpoint = summary?.endpoint ?? location.origin;
  const lines = `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}\ndeno run -A agent.ts`;
  return (
    <section class="empty">
      <Ghost />
      <h1>Waiting for the first call</h1>
      <p class="muted">Point an agent here. Its conversations appear as they happen.</p>
      <div class="code">
        <pre>{lines}</pre>
        <CopyButton text={lines} what="two lines" />
      </div>
      <p class="muted">
        No agent at hand? <code>deno task demo --view</code> makes a call with emulated providers.
      </p>
    </section>
  );
}

/** What a conversation will look like. */
function Ghost(): JSX.Element {
  const bars = [[0, 96, "stt"], [70, 120, "llm"], [104, 44, "llm"], [152, 92, "tts"], [
    176,
    104,
    "agent",
  ]] as const;
  return (
    <svg class="ghost" width="280" height="96" viewBox="0 0 280 96" aria-hidden="true">
      {bars.map(([x, width, kind], index) => (
        <rect key={index} x={x} y={8 + index * 18} width={width} height="10" rx="5" class={`op-${kind}`} />
      ))}
    </svg>
  );
}

import type { JSX } from "preact";
import type { TraceRow } from "../api.ts";
import { formatAgo, formatSeconds, formatTime, plural, visible } from "./format.ts";
import { follow, routePath } from "./route.ts";
import { TurnStrip } from "./turn_strip.tsx";

/** One line of the list. */
export function TraceItem({ trace, now }: { readonly trace: TraceRow; readonly now: number }): JSX.Element {
  const to = { page: "trace", traceId: trace.traceId } as const;
  return (
    <li>
      <a class="item" href={routePath(to)} onClick={follow(to)} data-trace={trace.traceId}>
        <span class="item-time">
          <span>{formatTime(trace.startMs)}</span>
          <span class="muted">{formatAgo(trace.startMs, now)}</span>
        </span>
        <span class="item-name">
          <span class="strong">{traceTitle(trace)}</span>
          <span class="muted mono">{visible(trace.conversationId ?? trace.traceId.slice(0, 16))}</span>
          {trace.service !== undefined && <span class="muted">{visible(trace.service)}</span>}
        </span>
        <span class="item-turns">
          <TurnStrip turns={trace.turns} />
          <span class="muted">{turnsText(trace)}</span>
        </span>
        <span class="item-e2e">
          {trace.e2eP50 !== undefined && <span class="strong">{formatSeconds(trace.e2eP50)}</span>}
          {trace.e2eMax !== undefined && trace.agentTurns > 1 && (
            <span class="muted">max {formatSeconds(trace.e2eMax)}</span>
          )}
        </span>
        <span class="item-providers">
          {trace.providers.slice(0, 4).map(({ name, errors }) => (
            <span key={name} class={`chip ${errors > 0 ? "bad" : ""}`}>{visible(name)}</span>
          ))}
          {trace.providers.length > 4 && <span class="chip">+{trace.providers.length - 4}</span>}
        </span>
        <span class="item-status">
          <TracePills trace={trace} />
        </span>
        <span class="item-duration">{formatSeconds(trace.durationSeconds)}</span>
      </a>
    </li>
  );
}

/** What is to be known of a trace at a glance. */
export function TracePills({ trace }: { readonly trace: TraceRow }): JSX.Element {
  return (
    <>
      {!trace.complete && <span class="pill going">in progress</span>}
      {trace.errors > 0 && <span class="pill bad">{plural(trace.errors, "error")}</span>}
      {trace.retries > 0 && <span class="pill warn">{plural(trace.retries, "retry", "retries")}</span>}
      {trace.interruptions > 0 && <span class="pill barge">{plural(trace.interruptions, "barge-in")}</span>}
    </>
  );
}

/** What a trace is called. Until its root has come, that is not known. */
export function traceTitle(trace: TraceRow): string {
  if (trace.complete) return visible(trace.name) || "(no name)";
  return trace.agentTurns + trace.userTurns > 0 ? "Conversation" : visible(trace.name) || "Trace";
}

function turnsText({ agentTurns, userTurns, spans }: TraceRow): string {
  const turns = Math.max(agentTurns, userTurns);
  return turns > 0 ? plural(turns, "turn") : plural(spans, "span");
}

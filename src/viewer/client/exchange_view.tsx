import type { JSX } from "preact";
import type { SpanRow } from "../api.ts";
import { audibleMs, type Exchange, latencySegments } from "./conversation.ts";
import type { Choosing } from "./conversation_view.tsx";
import { formatOffset, formatSeconds, plural, visible } from "./format.ts";
import { Icon } from "./icons.tsx";
import { findGaps, layOutLanes } from "./lanes.ts";
import { LaneRow } from "./lane_row.tsx";
import { LatencyBar } from "./latency_bar.tsx";
import { Ruler } from "./ruler.tsx";
import { percentAt, percentOf, type Scale } from "./scale.ts";
import { endMs } from "./span_tree.ts";

/** More calls than this in one exchange are no picture any more. */
const MAX_DRAWN = 300;

/** One exchange: what was said when, how long it took, and what was asked of providers. */
export function ExchangeView(
  { exchange, title, originMs, longest, chosen, choose }: Choosing & {
    readonly exchange: Exchange;
    readonly title: string;
    readonly originMs: number;
    readonly longest: number;
  },
): JSX.Element {
  const { user, agent, operation, startMs } = exchange;
  const spans = exchange.spans.slice(0, MAX_DRAWN);
  const scale: Scale = { startMs, lengthMs: Math.max(1, exchange.endMs - startMs) };
  const e2e = agent?.facts.e2eSeconds;
  const segments = agent === undefined ? [] : latencySegments(agent.facts);
  const audible = audibleMs(exchange);
  const gaps = agent === undefined ? [] : findGaps(
    spans.filter(({ role }) => role === "attempt" || role === "node"),
    agent.startMs,
    // what comes after the last call is the agent speaking what it has
    Math.min(audible ?? Math.max(agent.startMs, ...spans.map((span) => span.startMs)), endMs(agent)),
  );
  return (
    <section class="exchange" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="muted">at {formatOffset((startMs - originMs) / 1000)}</span>
        <Pills exchange={exchange} />
        {e2e !== undefined && <span class="e2e" title="End-to-end latency">{formatSeconds(e2e)}</span>}
      </header>
      {agent !== undefined && segments.length > 0 && (
        <LatencyBar segments={segments} facts={agent.facts} longest={longest} />
      )}
      <div class="lanes">
        {user !== undefined && (
          <TurnRow span={user} label="User" scale={scale} chosen={chosen} choose={choose} marks={spans} />
        )}
        {agent !== undefined && (
          <TurnRow span={agent} label="Agent" scale={scale} chosen={chosen} choose={choose} marks={[]} />
        )}
        {operation !== undefined && (
          <TurnRow
            span={operation}
            label="Operation"
            scale={scale}
            chosen={chosen}
            choose={choose}
            marks={[]}
          />
        )}
        {layOutLanes(spans.filter((span) => span !== operation)).map((lane) => (
          <LaneRow
            key={lane.bars[0]!.span.spanId}
            lane={lane}
            scale={scale}
            chosen={chosen}
            choose={choose}
          />
        ))}
        <div class="over" aria-hidden="true">
          {gaps.map((gap) => (
            <span
              key={gap.startMs}
              class="gap"
              style={{
                left: `${percentAt(scale, gap.startMs)}%`,
                width: `${percentOf(scale, (gap.endMs - gap.startMs) / 1000)}%`,
              }}
              title={`Nothing was traced for ${formatSeconds((gap.endMs - gap.startMs) / 1000)}`}
            />
          ))}
          {audible !== undefined && audible <= exchange.endMs && (
            <span class="audible" style={{ left: `${percentAt(scale, audible)}%` }}>
              <b>heard</b>
            </span>
          )}
        </div>
        <div />
        <Ruler startMs={startMs} endMs={exchange.endMs} originMs={originMs} />
      </div>
      {exchange.spans.length > MAX_DRAWN && (
        <p class="muted">
          The first {MAX_DRAWN} of {plural(exchange.spans.length, "call")} are drawn; all are among the spans.
        </p>
      )}
    </section>
  );
}

/** The turn of one side, as a bar. */
function TurnRow(
  { span, label, scale, chosen, choose, marks }: Choosing & {
    readonly span: SpanRow;
    readonly label: string;
    readonly scale: Scale;
    readonly marks: readonly SpanRow[];
  },
): JSX.Element {
  const place = ({ startMs, durationSeconds }: SpanRow) => ({
    left: `${percentAt(scale, startMs)}%`,
    width: `${percentOf(scale, durationSeconds)}%`,
  });
  const { interrupted, turnOutcome } = span.facts;
  const words = interrupted === true ? "barge-in" : turnOutcome === "committed" ? undefined : turnOutcome;
  return (
    <>
      <div class="lane-label">{label}</div>
      <div class="track">
        <button
          type="button"
          class={`turn ${label.toLowerCase()} ${span.failed ? "failed" : ""}`}
          style={place(span)}
          aria-pressed={chosen === span.spanId}
          aria-label={`${label === "Operation" ? visible(span.name) : `${label}'s turn`}, ${
            formatSeconds(span.durationSeconds)
          }${words === undefined ? "" : `, ${words}`}`}
          onClick={() => choose(span)}
        >
          <span>{formatSeconds(span.durationSeconds)}</span>
          {interrupted === true && <span class="cut" title="The user barged in" />}
        </button>
        {marks.filter(({ role }) => role === "end_of_turn").map((mark) => (
          <button
            key={mark.spanId}
            type="button"
            class="eou"
            style={place(mark)}
            aria-pressed={chosen === mark.spanId}
            title={`End of turn found in ${formatSeconds(mark.durationSeconds)}${
              mark.facts.eouProbability === undefined
                ? ""
                : `, probability ${mark.facts.eouProbability.toFixed(2)}`
            }`}
            onClick={() => choose(mark)}
          />
        ))}
      </div>
    </>
  );
}

function Pills(
  { exchange: { kind, agent, operation, spans, bargesIn } }: { readonly exchange: Exchange },
): JSX.Element {
  const attempts = spans.filter(({ role }) => role === "attempt");
  const failed = spans.filter((span) =>
    span.failed && (span.role === "attempt" || span.facts.toolName !== undefined)
  );
  const retries = attempts.filter(({ facts }) => (facts.retryCount ?? 0) > 0).length;
  const { turnKind } = agent?.facts ?? {};
  return (
    <>
      {bargesIn && (
        <span class="pill barge">
          <Icon name="barge" size={11} /> cuts in
        </span>
      )}
      {agent?.facts.interrupted === true && (
        <span class="pill barge">
          <Icon name="barge" size={11} /> barge-in
        </span>
      )}
      {failed.length > 0 && <span class="pill bad">{plural(failed.length, "error")}</span>}
      {retries > 0 && <span class="pill warn">{plural(retries, "retry", "retries")}</span>}
      {turnKind !== undefined && turnKind !== "reply" && <span class="pill">{visible(turnKind)}</span>}
      {kind === "turn" && operation !== undefined && <span class="pill">{visible(operation.name)}</span>}
    </>
  );
}

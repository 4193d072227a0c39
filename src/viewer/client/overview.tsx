import type { JSX } from "preact";
import type { SpanRow, TraceRow } from "../api.ts";
import { audibleMs, type Exchange } from "./conversation.ts";
import { formatOffset, formatSeconds, visible } from "./format.ts";
import { Ruler } from "./ruler.tsx";
import { endMs } from "./span_tree.ts";

/** The whole conversation in two lines: who spoke when, how long the user waited, who cut in. */
export function Overview(
  { exchanges, trace, reveal }: {
    readonly exchanges: readonly Exchange[];
    readonly trace: TraceRow;
    /** Brings an exchange into view. */
    readonly reveal: (exchange: Exchange) => void;
  },
): JSX.Element {
  const start = trace.startMs;
  const length = Math.max(1, trace.durationSeconds * 1000);
  const place = (fromMs: number, toMs: number) => ({
    left: `${(fromMs - start) / length * 100}%`,
    width: `${Math.max(0.15, (toMs - fromMs) / length * 100)}%`,
  });
  const block = (exchange: Exchange, span: SpanRow, kind: string, title: string): JSX.Element => (
    <button
      key={span.spanId}
      type="button"
      class={`block ${kind}`}
      style={place(span.startMs, endMs(span))}
      title={title}
      aria-label={title}
      onClick={() => reveal(exchange)}
    >
      {span.facts.interrupted === true && <span class="cut" />}
    </button>
  );
  return (
    <section class="overview" aria-label="Overview">
      <div class="lane-label">User</div>
      <div class="track">
        {exchanges.flatMap((exchange) =>
          exchange.user === undefined ? [] : [block(
            exchange,
            exchange.user,
            "user",
            `Turn ${exchange.number}, user, ${formatSeconds(exchange.user.durationSeconds)} at ${
              formatOffset((exchange.user.startMs - start) / 1000)
            }`,
          )]
        )}
      </div>
      <div class="lane-label">Agent</div>
      <div class="track">
        {exchanges.flatMap((exchange) => {
          const { agent, operation } = exchange;
          if (agent === undefined) {
            if (operation === undefined) return [];
            const title = `${visible(operation.name)}, ${formatSeconds(operation.durationSeconds)}`;
            return [block(exchange, operation, `operation ${operation.failed ? "failed" : ""}`, title)];
          }
          const { e2eSeconds, interrupted } = agent.facts;
          const failed = agent.failed || exchange.spans.some((span) => span.failed);
          const title = [
            `Turn ${exchange.number}, agent, ${formatSeconds(agent.durationSeconds)}`,
            e2eSeconds === undefined ? "" : `end to end ${formatSeconds(e2eSeconds)}`,
            interrupted === true ? "barge-in" : "",
            failed ? "with errors" : "",
          ].filter((part) => part !== "").join(", ");
          const audible = audibleMs(exchange);
          return [
            block(exchange, agent, `agent ${failed ? "failed" : ""}`, title),
            ...audible === undefined ? [] : [
              <span
                key={`${agent.spanId} wait`}
                class="waiting"
                style={place(agent.startMs, Math.min(audible, endMs(agent)))}
              />,
            ],
          ];
        })}
      </div>
      <div />
      <Ruler startMs={start} endMs={start + length} originMs={start} />
    </section>
  );
}

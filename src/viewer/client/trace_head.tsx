import type { JSX } from "preact";
import type { SpanFacts, SpanRow, TraceRow } from "../api.ts";
import { CopyButton } from "./copy_button.tsx";
import { Figure } from "./figure.tsx";
import {
  formatAgo,
  formatCount,
  formatSeconds,
  formatShare,
  formatShort,
  formatTime,
  plural,
  visible,
} from "./format.ts";
import { follow, routePath } from "./route.ts";
import { TracePills, traceTitle } from "./trace_item.tsx";

/** What a conversation is, and its figures. */
export function TraceHead(
  { trace, spans, related }: {
    readonly trace: TraceRow;
    readonly spans: readonly SpanRow[];
    readonly related: readonly TraceRow[];
  },
): JSX.Element {
  const session = spans.find(({ role }) => role === "session")?.facts ?? {};
  return (
    <>
      <div class="title">
        <h1>{traceTitle(trace)}</h1>
        <TracePills trace={trace} />
        {session.sessionOutcome !== undefined && <span class="pill">{visible(session.sessionOutcome)}</span>}
      </div>
      <dl class="ids">
        {trace.conversationId !== undefined && <Id name="Conversation" id={trace.conversationId} />}
        <Id name="Trace" id={trace.traceId} />
        <Plain name="Service" text={trace.service} />
        <Plain name="Began" text={`${formatTime(trace.startMs)}, ${formatAgo(trace.startMs, Date.now())}`} />
        <Plain name="Tenant" text={session.tenant} />
        <Plain name="Room" text={session.room} />
        <Plain name="Ended by" text={session.disconnectReason} />
      </dl>
      <dl class="figures">
        {figuresOf(trace, spans).map(([name, value, detail]) => (
          <Figure key={name} name={name} value={value} detail={detail} />
        ))}
      </dl>
      {related.length > 0 && (
        <p class="related">
          <span class="muted">{plural(related.length, "other trace")} of this conversation:</span>{" "}
          {related.slice(0, 12).map((other) => {
            const to = { page: "trace", traceId: other.traceId } as const;
            return (
              <a key={other.traceId} href={routePath(to)} onClick={follow(to)}>{formatTime(other.startMs)}</a>
            );
          })}
        </p>
      )}
    </>
  );
}

function Id({ name, id }: { readonly name: string; readonly id: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="mono" title={id}>{visible(id)}</span>
        <CopyButton text={id} what={`${name.toLowerCase()} id`} />
      </dd>
    </div>
  );
}

function Plain(
  { name, text }: { readonly name: string; readonly text: string | undefined },
): JSX.Element | null {
  return text === undefined ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{visible(text)}</dd>
    </div>
  );
}

/** Exact while it is short. */
function tokens(count: number): string {
  return count < 100_000 ? formatCount(count) : formatShort(count);
}

type FigureRow = readonly [name: string, value: string, detail: string];

/** The figures that this trace has; those it has not are not there. */
function figuresOf(trace: TraceRow, spans: readonly SpanRow[]): readonly FigureRow[] {
  const attempts = spans.filter(({ role }) => role === "attempt");
  const values = (read: (facts: SpanFacts) => number | undefined, from = attempts): number[] =>
    from.flatMap(({ facts }) => read(facts) ?? []).sort((a, b) => a - b);
  const of = (operation: string): SpanRow[] => attempts.filter((span) => span.operation === operation);
  const figures: FigureRow[] = [[
    "Duration",
    formatSeconds(trace.durationSeconds),
    plural(trace.spans, "span"),
  ]];
  const latency = (name: string, all: readonly number[]): void => {
    if (all.length === 0) return;
    const at = (share: number): string =>
      formatSeconds(all[Math.max(0, Math.ceil(all.length * share) - 1)] ?? 0);
    figures.push([name, at(0.5), all.length === 1 ? "once" : `p95 ${at(0.95)}, of ${all.length}`]);
  };
  latency(
    "End to end",
    values(({ e2eSeconds }) => e2eSeconds, spans.filter(({ role }) => role === "agent_turn")),
  );
  latency("LLM ttft", values(({ ttftSeconds }) => ttftSeconds, of("llm")));
  latency("TTS ttfb", values(({ ttfbSeconds }) => ttfbSeconds, of("tts")));
  const sum = (all: readonly number[]): number => all.reduce((total, more) => total + more, 0);
  const [input, output] = [
    values(({ inputTokens }) => inputTokens),
    values(({ outputTokens }) => outputTokens),
  ];
  if (input.length + output.length > 0) {
    const cached = sum(values(({ cachedInputTokens }) => cachedInputTokens));
    const detail = cached > 0 ? `in (${tokens(cached)} cached) and out` : "in and out";
    figures.push(["Tokens", `${tokens(sum(input))} + ${tokens(sum(output))}`, detail]);
  }
  const spoken = values(({ audioSeconds }) => audioSeconds, of("tts"));
  const characters = values((facts) => facts.characters, of("tts"));
  if (spoken.length > 0) {
    const detail = characters.length > 0 ? `of ${plural(sum(characters), "character")}` : "of audio";
    figures.push(["Spoken", formatSeconds(sum(spoken)), detail]);
  }
  const connections = attempts.filter(({ facts }) => facts.connectionReused !== undefined);
  if (connections.length > 0) {
    const reused = connections.filter(({ facts }) => facts.connectionReused).length;
    figures.push([
      "Reused",
      formatShare(reused, connections.length),
      `of ${plural(connections.length, "connection")}`,
    ]);
  }
  return figures;
}

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { SpanRow, TraceRow } from "../api.ts";
import { type Exchange, latencySegments } from "./conversation.ts";
import { ExchangeView } from "./exchange_view.tsx";
import { formatSeconds, visible } from "./format.ts";
import { Legend } from "./latency_bar.tsx";
import { More } from "./more.tsx";
import { Overview } from "./overview.tsx";

/** What the parts of the conversation view have in common. */
export interface Choosing {
  /** The id of the span whose card is open. */
  readonly chosen: string | undefined;
  /** Opens the card of a span, or closes it. */
  readonly choose: (span: SpanRow | undefined) => void;
}

/** Silence as long as this is worth a word. */
const QUIET_SECONDS = 1;
/** Exchanges that are drawn at first, and more whenever the reader comes to the end of them. */
const STEP = 30;

/** A trace as a conversation: an overview, then turn by turn. */
export function ConversationView(
  { exchanges, trace, chosen, choose }: Choosing & {
    readonly exchanges: readonly Exchange[];
    readonly trace: TraceRow;
  },
): JSX.Element {
  const [shown, setShown] = useState(STEP);
  const [aim, setAim] = useState<Exchange | undefined>(() => exchanges.find((one) => holds(one, chosen)));
  const list = useRef<HTMLOListElement>(null);
  const turns = exchanges.filter(({ kind }) => kind === "turn");
  const timed = exchanges.filter(({ kind }) => kind !== "outside");
  const segments = turns.flatMap(({ agent }) => agent === undefined ? [] : latencySegments(agent.facts));
  const longest = turns.reduce((most, { agent }) => Math.max(most, agent?.facts.e2eSeconds ?? 0), 0);
  const needed = Math.max(shown, aim === undefined ? 0 : exchanges.indexOf(aim) + 1);
  // What was searched for, or pressed in the overview, is scrolled to once it is there.
  useLayoutEffect(() => {
    if (aim === undefined) return;
    list.current?.children[exchanges.indexOf(aim)]?.scrollIntoView({ block: "start" });
    setShown(needed);
    setAim(undefined);
  }, [aim]);
  return (
    <>
      {turns.length > 0 && <Overview exchanges={timed} trace={trace} reveal={setAim} />}
      {segments.length > 0 && <Legend parts={new Set(segments.map(({ part }) => part))} />}
      <ol class="exchanges" ref={list}>
        {exchanges.slice(0, needed).map((exchange) => (
          <li key={exchange.operation?.spanId ?? `${exchange.kind}${exchange.number}`}>
            {exchange.quietSeconds >= QUIET_SECONDS && (
              <p class="silence">quiet for {formatSeconds(exchange.quietSeconds)}</p>
            )}
            <ExchangeView
              exchange={exchange}
              title={titleOf(exchange, timed.length > 0)}
              originMs={trace.startMs}
              longest={longest}
              chosen={chosen}
              choose={choose}
            />
          </li>
        ))}
      </ol>
      {needed < exchanges.length && <More load={() => setShown(needed + STEP)} />}
    </>
  );
}

function holds({ user, agent, spans }: Exchange, spanId: string | undefined): boolean {
  return spanId !== undefined && [user, agent, ...spans].some((span) => span?.spanId === spanId);
}

function titleOf({ kind, number, operation, user, agent }: Exchange, hasOthers: boolean): string {
  if (kind === "operation") return visible(operation!.name);
  if (kind === "outside") return hasOthers ? "Outside of turns" : "Calls";
  if (agent === undefined) return `Turn ${number}, unanswered`;
  return user === undefined ? `Turn ${number}, agent speaks` : `Turn ${number}`;
}

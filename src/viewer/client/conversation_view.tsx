import type { JSX } from "preact";
import type { SpanRow, TraceRow } from "../api.ts";
import { type Exchange, latencySegments } from "./conversation.ts";
import { ExchangeView } from "./exchange_view.tsx";
import { formatSeconds } from "./format.ts";
import { Legend } from "./latency_bar.tsx";
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

/** A trace as a conversation: an overview, then turn by turn. */
export function ConversationView(
  { exchanges, trace, chosen, choose }: Choosing & {
    readonly exchanges: readonly Exchange[];
    readonly trace: TraceRow;
  },
): JSX.Element {
  const turns = exchanges.filter(({ kind }) => kind === "turn");
  const segments = turns.flatMap(({ agent }) => agent === undefined ? [] : latencySegments(agent.facts));
  const longest = Math.max(0, ...turns.map(({ agent }) => agent?.facts.e2eSeconds ?? 0));
  return (
    <>
      {turns.length > 0 && <Overview exchanges={turns} trace={trace} />}
      {segments.length > 0 && <Legend parts={new Set(segments.map(({ part }) => part))} />}
      <ol class="exchanges">
        {exchanges.map((exchange) => (
          <li key={`${exchange.kind}${exchange.number}`} id={exchangeId(exchange)}>
            {exchange.quietSeconds >= QUIET_SECONDS && (
              <p class="silence">quiet for {formatSeconds(exchange.quietSeconds)}</p>
            )}
            <ExchangeView
              exchange={exchange}
              title={titleOf(exchange, turns.length > 0)}
              originMs={trace.startMs}
              longest={longest}
              chosen={chosen}
              choose={choose}
            />
          </li>
        ))}
      </ol>
    </>
  );
}

/** Where the overview leads. */
export function exchangeId({ kind, number }: Exchange): string {
  return `${kind}-${number}`;
}

function titleOf({ kind, number, user, agent }: Exchange, hasTurns: boolean): string {
  if (kind === "outside") return hasTurns ? "Outside of turns" : "Calls";
  if (agent === undefined) return `Turn ${number}, unanswered`;
  return user === undefined ? `Turn ${number}, agent speaks` : `Turn ${number}`;
}

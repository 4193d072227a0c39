import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { SpanDetail } from "../api.ts";
import { AttributeTable } from "./attribute_table.tsx";
import { CardIds } from "./card_ids.tsx";
import { CardTiming } from "./card_timing.tsx";
import { CopyButton } from "./copy_button.tsx";
import { factsOf, modelOf } from "./card_facts.ts";
import { formatOffset, formatSeconds, formatUtc, visible } from "./format.ts";
import { Icon } from "./icons.tsx";
import { supportMessage } from "./support_message.ts";
import { useQuery } from "./use_query.ts";

/** All about one span, beside the timeline. */
export function SpanCard(
  { traceId, spanId, close }: {
    readonly traceId: string;
    readonly spanId: string;
    readonly close: () => void;
  },
): JSX.Element {
  const path = `/api/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`;
  const { data, error } = useQuery<SpanDetail>(path, ({ traces }) => traces.includes(traceId));
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.scrollTo(0, 0), [spanId]);
  return (
    <aside class="card" ref={card} aria-label="Details">
      <button
        type="button"
        class="button quiet close"
        onClick={close}
        aria-label="Close the details"
        title="Close (Esc)"
      >
        <Icon name="close" />
      </button>
      {error !== undefined && <p class="trouble">{error}</p>}
      {data !== undefined && <Card span={data} />}
    </aside>
  );
}

function Card({ span }: { readonly span: SpanDetail }): JSX.Element {
  const { facts } = span;
  const isAttempt = span.role === "attempt";
  const model = modelOf(facts);
  const message = isAttempt ? supportMessage(span) : "";
  return (
    <>
      <p class="muted card-kind">
        <i class={`dot op-${span.operation ?? span.role}`} /> {visible(span.name)}
      </p>
      <h2>{isAttempt ? visible(facts.provider ?? span.name) : visible(facts.toolName ?? span.name)}</h2>
      {model !== "" && <p class="mono">{visible(model)}</p>}
      <p class="card-status">
        <Status span={span} />
        <span class="muted">{formatSeconds(span.durationSeconds)}</span>
        <span class="muted" title={formatUtc(span.startMs)}>{formatUtc(span.startMs).slice(11, 23)} UTC</span>
      </p>
      {(facts.errorType !== undefined || span.statusMessage !== undefined) && span.failed && (
        <dl class="error-box">
          {facts.errorType !== undefined && <Line name="Error" text={facts.errorType} />}
          {facts.errorCode !== undefined && <Line name="Code" text={facts.errorCode} />}
          {span.statusMessage !== undefined && span.statusMessage !== facts.errorType && (
            <Line name="Message" text={span.statusMessage} />
          )}
        </dl>
      )}
      <CardIds facts={facts} failed={span.failed} />
      {isAttempt && (
        <section>
          <h3>For support</h3>
          <div class="code">
            <pre>{message}</pre>
            <CopyButton text={message} what="support message" label="Copy" />
          </div>
        </section>
      )}
      <CardTiming span={span} />
      {factsOf(span).map(([title, lines]) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl class="facts">{lines.map(([name, text]) => <Line key={name} name={name} text={text} />)}</dl>
        </section>
      ))}
      {span.events.length > 0 && (
        <section>
          <h3>Events</h3>
          {span.events.map((event, index) => (
            <details key={index} class="event">
              <summary>
                {visible(event.name)}{" "}
                <span class="muted">+{formatOffset((event.timeMs - span.startMs) / 1000)}</span>
              </summary>
              <AttributeTable attributes={event.attributes} />
            </details>
          ))}
        </section>
      )}
      <section>
        <h3>Attributes</h3>
        <AttributeTable attributes={span.attributes} />
      </section>
      <details class="more-attributes">
        <summary>Resource and scope</summary>
        <AttributeTable
          attributes={{
            "scope": span.scope,
            "span kind": span.kind,
            "span id": span.spanId,
            ...span.resource,
          }}
        />
      </details>
      {span.droppedCount > 0 && (
        <p class="muted">The sender dropped {span.droppedCount} attributes, events or links.</p>
      )}
    </>
  );
}

function Status({ span }: { readonly span: SpanDetail }): JSX.Element {
  const { httpStatus, outcome } = span.facts;
  const words = [
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
    outcome === undefined || (outcome === "success" && httpStatus !== undefined) ? undefined : outcome,
  ].filter((word) => word !== undefined).join(", ");
  const kind = span.failed ? "bad" : outcome === "cancelled" || outcome === "abandoned" ? "warn" : "good";
  return <span class={`pill ${kind}`}>{visible(words || (span.failed ? "error" : "ok"))}</span>;
}

function Line({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{visible(text)}</dd>
    </div>
  );
}

import type { SpanRow } from "../api.ts";
import { modelOf } from "./card_facts.ts";
import { formatSeconds, formatUtc, visible } from "./format.ts";

/** What a provider's support desk wants to know of an attempt: no content, no message of an error, no key. */
export function supportMessage(span: SpanRow): string {
  const { facts } = span;
  const ids = facts.requestIds ?? [];
  const status = [
    facts.httpStatus === undefined ? undefined : `HTTP ${facts.httpStatus}`,
    facts.errorType === String(facts.httpStatus) ? undefined : facts.errorType,
    facts.errorCode,
    facts.outcome === "success" && !span.failed
      ? "success"
      : facts.outcome === "error"
      ? undefined
      : facts.outcome,
  ].filter((part) => part !== undefined);
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["Provider", facts.provider],
    [ids.length > 1 ? "Request ids" : "Request id", ids.join(", ") || undefined],
    ["Time", `${formatUtc(span.startMs)}, took ${formatSeconds(span.durationSeconds)}`],
    ["Model", modelOf(facts) || undefined],
    ["Status", status.join(", ") || (span.failed ? "failed" : undefined)],
    [
      "Endpoint",
      facts.server === undefined ? undefined : [facts.method, facts.server].filter(Boolean).join(" "),
    ],
  ];
  return lines.filter(([, value]) => value !== undefined).map(([name, value]) =>
    `${name}: ${visible(String(value)).replaceAll("\n", " ")}`
  ).join("\n");
}

import type { ReceivedSpan } from "../otlp_wire/received.ts";
import { drawBar, type Period } from "./span_bar.ts";
import { formatDuration, printable, requestIds, spanFacts } from "./span_details.ts";

/** How to draw a trace. */
export interface FormatTraceOptions {
  /**
   * Colors for a terminal (ANSI escapes).
   *
   * @default {false}
   */
  readonly color?: boolean | undefined;
}

/** A span in its place. */
interface Node {
  readonly span: ReceivedSpan;
  /** What stands before the name. */
  readonly branch: string;
  /** What stands before the lines of details. */
  readonly margin: string;
}

/** How wide the columns of one trace are. */
interface Columns {
  readonly label: number;
  /** 0 where there is no room for bars, or nothing to compare. */
  readonly bar: number;
}

type Paint = (style: "dim" | "red" | "cyan" | "bold", text: string) => string;

const COLUMNS = 110;
const MAX_LABEL = 64;
const MAX_BAR = 40;
const MIN_BAR = 10;
const DURATION = 8;
/** Kept free at the end of a line for a status such as `ERROR 429`. */
const STATUS = 12;
const STYLES = { bold: 1, dim: 2, red: 31, cyan: 36 } as const;

/**
 * Draws traces as trees, for people: one line per span with its duration, its place in the trace and its status, and
 * under calls to providers their models, times, usage and request ids, under turns what the user waited for, in parts.
 * The bar of a call is thin until its first output, that of a turn until the agent can be heard.
 *
 * @example Draw what a receiver got
 * ```ts
 * import { formatTrace, startReceiver } from "@teespan/teespan/testing";
 *
 * const receiver = await startReceiver();
 * console.log(formatTrace(receiver.spans));
 * await receiver.close();
 * ```
 *
 * @param spans spans of any number of traces in any order; one without its parent among them is a root
 * @param options whether to use color
 * @returns lines of at most 110 columns where names and ids allow it, without a line break at the end
 */
export function formatTrace(spans: readonly ReceivedSpan[], options: FormatTraceOptions = {}): string {
  const paint: Paint = options.color
    ? (style, text) => text === "" ? "" : `\x1b[${STYLES[style]}m${text}\x1b[0m`
    : (_, text) => text;
  const traces = Map.groupBy(spans.toSorted(byStart), (span) => span.traceId);
  return [...traces].map(([traceId, members]) => drawTrace(traceId, members, paint).join("\n")).join("\n\n");
}

function drawTrace(traceId: string, spans: readonly ReceivedSpan[], paint: Paint): readonly string[] {
  const period: Period = {
    start: spans.reduce((least, { startTimeUnixNano: at }) => least < at ? least : at, 2n ** 64n),
    end: spans.reduce((most, { endTimeUnixNano: at }) => most > at ? most : at, 0n),
  };
  const nanoseconds = Number(period.end - period.start);
  const size = spans.length === 1 ? "1 span" : `${spans.length} spans`;
  const nodes = layOut(spans);
  const label = Math.max(...nodes.map(labelWidth).filter((w) => w <= MAX_LABEL), 0);
  const room = Math.min(MAX_BAR, COLUMNS - label - DURATION - STATUS - 4);
  const bar = spans.length > 1 && nanoseconds > 0 && room >= MIN_BAR ? room : 0;
  return [
    paint("bold", `trace ${traceId}`) + ` · ${size} · ${formatDuration(nanoseconds / 1e9)}`,
    ...nodes.flatMap((node) => drawNode(node, { label, bar }, period, paint)),
  ];
}

/** All spans in the order of drawing. Every span comes once, whatever their parent ids say. */
function layOut(spans: readonly ReceivedSpan[]): readonly Node[] {
  const first = new Map<string, ReceivedSpan>();
  for (const span of spans) if (!first.has(span.spanId)) first.set(span.spanId, span);
  const children = Map.groupBy(spans, (span) => first.get(span.parentSpanId ?? ""));
  const nodes: Node[] = [];
  const seen = new Set<ReceivedSpan>();
  const draw = (root: ReceivedSpan) => {
    // A stack of our own: a trace may be deeper than the call stack.
    const stack = [{ span: root, branch: "", below: "" }];
    seen.add(root);
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      const { span, branch, below } = place;
      const under = first.get(span.spanId) === span ? children.get(span) ?? [] : [];
      const unseen = under.filter((child) => !seen.has(child));
      nodes.push({ span, branch, margin: below + (unseen.length > 0 ? "│  " : "   ") });
      // From the last to the first, as the stack gives them back the other way round.
      for (const child of unseen.toReversed()) {
        seen.add(child);
        const last = child === unseen.at(-1);
        stack.push({
          span: child,
          branch: below + (last ? "└─ " : "├─ "),
          below: below + (last ? "   " : "│  "),
        });
      }
    }
  };
  for (const root of children.get(undefined) ?? []) draw(root);
  // What is left are circles: the earliest span of each is taken for its root.
  for (const span of spans) if (!seen.has(span)) draw(span);
  return nodes;
}

function drawNode(node: Node, columns: Columns, period: Period, paint: Paint): readonly string[] {
  const { span, branch, margin } = node;
  const name = nameOf(node);
  const padding = " ".repeat(Math.max(0, columns.label - labelWidth(node)));
  const duration = formatDuration(span.durationSeconds).padStart(DURATION);
  const failed = span.status.code === "ERROR";
  // A name that does not fit its column takes the place of the bar.
  const bar = columns.bar > 0 && labelWidth(node) <= columns.label
    ? drawBar(span, period, columns.bar)
    : undefined;
  const drawn = bar &&
    `  ${bar.before}${paint("dim", bar.waiting)}${paint(failed ? "red" : "cyan", bar.working)}`;
  const message = printable(span.status.message ?? "").trim();
  const head = labelWidth(node) + padding.length + 2 + duration.length + (bar ? 2 + columns.bar : 0);
  const fits = head + "  ERROR ".length + width(message) <= COLUMNS;
  const status = failed
    ? `${bar?.after ?? ""}  ${paint("red", fits ? `ERROR ${message}`.trim() : "ERROR")}`
    : "";

  const room = Math.max(40, COLUMNS - width(margin));
  const lines = [
    ...(failed && !fits ? wrap(message.split(" "), " ", room).map((line) => paint("red", line)) : []),
    ...wrap(spanFacts(span), " · ", room),
    ...wrap(requestIds(span), ", ", room - 4).map((line, index) =>
      (index === 0 ? paint("dim", "ids") + " " : "    ") + paint("cyan", line)
    ),
  ];
  return [
    `${paint("dim", branch)}${name}${padding}  ${paint("dim", duration)}${drawn ?? ""}${status}`,
    ...lines.map((line) => paint("dim", margin) + line),
  ];
}

/** Items in lines of at most `room` columns; an item is never cut. */
function wrap(items: readonly string[], separator: string, room: number): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const joined = last === undefined ? item : last + separator + item;
    if (last !== undefined && width(joined) <= room - separator.trimEnd().length) {
      lines[lines.length - 1] = joined;
    } else {
      if (last !== undefined) lines[lines.length - 1] = last + separator.trimEnd();
      lines.push(item);
    }
  }
  return lines;
}

function labelWidth(node: Node): number {
  return width(node.branch) + width(nameOf(node));
}

function nameOf({ span }: Node): string {
  return printable(span.name) || "(no name)";
}

function width(text: string): number {
  return [...text].length;
}

function byStart(a: ReceivedSpan, b: ReceivedSpan): number {
  return a.startTimeUnixNano < b.startTimeUnixNano ? -1 : a.startTimeUnixNano > b.startTimeUnixNano ? 1 : 0;
}

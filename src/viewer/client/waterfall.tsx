import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SpanRow } from "../api.ts";
import type { Choosing } from "./conversation_view.tsx";
import { UntilFirst } from "./first_output.tsx";
import { formatSeconds, visible } from "./format.ts";
import { Ruler } from "./ruler.tsx";
import { percentAt, type Scale } from "./scale.ts";
import { endMs, extentOf, layOutTree, type TreeNode } from "./span_tree.ts";

const ROW = 26;
/** Rows beyond the edge that are drawn too, so that scrolling shows no holes. */
const MARGIN = 12;

/** Every span of a trace as a tree with bars. Only the rows in sight are in the document. */
export function Waterfall(
  { spans, chosen, choose }: Choosing & { readonly spans: readonly SpanRow[] },
): JSX.Element {
  const nodes = useMemo(() => layOutTree(spans), [spans]);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [zoomed, setZoomed] = useState<readonly [number, number] | undefined>();
  const rows = useMemo(() => unfold(nodes, folded), [nodes, folded]);
  const [view, setView] = useState({ top: 0, height: 600 });
  const scroller = useRef<HTMLDivElement>(null);
  const whole = useMemo(() => boundsOf(spans), [spans]);
  const [start, end] = zoomed ?? whole;
  const scale: Scale = { startMs: start, lengthMs: end - start };

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, []);

  const at = rows.findIndex(({ span }) => span.spanId === chosen);
  useEffect(() => {
    const element = scroller.current;
    if (element === null || at < 0) return;
    if (at * ROW < element.scrollTop || (at + 1) * ROW > element.scrollTop + element.clientHeight) {
      element.scrollTop = Math.max(0, at * ROW - element.clientHeight / 2);
    }
  }, [at]);

  const fold = (span: SpanRow, how: boolean): void => {
    const next = new Set(folded);
    if (how) next.add(span.spanId);
    else next.delete(span.spanId);
    setFolded(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = rows[at]?.span;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))];
      if (next !== undefined && next.span !== current) choose(next.span);
    } else if (event.key === "ArrowLeft" && current !== undefined) fold(current, true);
    else if (event.key === "ArrowRight" && current !== undefined) fold(current, false);
    else if (event.key === "z") {
      setZoomed(zoomed === undefined && current !== undefined ? around(current) : undefined);
    } else return;
    event.preventDefault();
  };

  const first = Math.max(0, Math.floor(view.top / ROW) - MARGIN);
  const shown = rows.slice(first, Math.ceil((view.top + view.height) / ROW) + MARGIN);
  return (
    <section class="waterfall" aria-label="All spans">
      <div class="waterfall-head">
        <span class="muted">
          {zoomed === undefined
            ? "Arrow keys move and fold, z zooms to a span"
            : (
              <button type="button" class="button" onClick={() => setZoomed(undefined)}>
                Show all of it
              </button>
            )}
        </span>
        <Ruler startMs={start} endMs={end} originMs={whole[0]} />
      </div>
      <div
        class="waterfall-rows"
        ref={scroller}
        tabIndex={0}
        role="tree"
        aria-label="Spans"
        aria-activedescendant={at < 0 ? undefined : `span-${chosen}`}
        onKeyDown={onKeyDown}
      >
        <div class="waterfall-all" style={{ height: `${rows.length * ROW}px` }}>
          {shown.map((node, index) => (
            <WaterfallRow
              key={node.span.spanId}
              node={node}
              top={(first + index) * ROW}
              scale={scale}
              selected={node.span.spanId === chosen}
              folded={folded.has(node.span.spanId)}
              choose={() => choose(node.span)}
              fold={(how) => fold(node.span, how)}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

function WaterfallRow(
  { node: { span, depth, descendants }, top, scale, selected, folded, choose, fold }: {
    readonly node: TreeNode;
    readonly top: number;
    readonly scale: Scale;
    readonly selected: boolean;
    readonly folded: boolean;
    readonly choose: () => void;
    readonly fold: (how: boolean) => void;
  },
): JSX.Element {
  const left = Math.max(0, percentAt(scale, span.startMs));
  const right = Math.min(100, percentAt(scale, endMs(span)));
  const inSight = right > 0 && left < 100;
  const kind = span.operation ?? span.role;
  return (
    <div
      class={`row ${span.failed ? "failed" : ""}`}
      id={`span-${span.spanId}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={selected}
      aria-expanded={descendants > 0 ? !folded : undefined}
      style={{ top: `${top}px` }}
      onClick={choose}
    >
      <span class="row-name" style={{ paddingLeft: `${Math.min(depth, 24) * 13}px` }}>
        {descendants > 0
          ? (
            <button
              type="button"
              class="fold"
              tabIndex={-1}
              aria-label={folded ? "Unfold" : "Fold"}
              onClick={(event) => {
                event.stopPropagation();
                fold(!folded);
              }}
            >
              {folded ? "▸" : "▾"}
            </button>
          )
          : <span class="fold" />}
        <i class={`dot op-${kind}`} />
        <span class="row-text">{visible(span.name) || "(no name)"}</span>
        {span.facts.provider !== undefined && (
          <span class="muted row-text">{visible(span.facts.provider)}</span>
        )}
        {folded && <span class="chip">{descendants}</span>}
      </span>
      <span class="row-track">
        {inSight && (
          <span
            class={`row-bar op-${kind}`}
            style={{ left: `${left}%`, width: `${Math.max(0, right - left)}%` }}
          >
            <UntilFirst span={span} />
          </span>
        )}
        {inSight && (
          <span class="row-time" style={timePlace(left, right)}>{formatSeconds(span.durationSeconds)}</span>
        )}
      </span>
    </div>
  );
}

/** Where a duration stands: after its bar, before it, else in it. */
function timePlace(left: number, right: number): Record<string, string> {
  if (right <= 85) return { left: `${Math.max(0, right)}%` };
  if (left >= 15) return { right: `${100 - Math.min(left, 99)}%` };
  return { right: `${100 - right}%`, color: "var(--surface)" };
}

/** What is to be seen when some spans are folded. */
function unfold(nodes: readonly TreeNode[], folded: ReadonlySet<string>): readonly TreeNode[] {
  if (folded.size === 0) return nodes;
  const rows: TreeNode[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index]!;
    rows.push(node);
    if (folded.has(node.span.spanId)) index += node.descendants;
  }
  return rows;
}

function boundsOf(spans: readonly SpanRow[]): readonly [number, number] {
  const { startMs, endMs } = extentOf(spans);
  return [startMs, Math.max(endMs, startMs + 0.001)];
}

/** A little more than a span. */
function around(span: SpanRow): readonly [number, number] {
  const margin = Math.max(0.01, span.durationSeconds * 50);
  return [span.startMs - margin, endMs(span) + margin];
}

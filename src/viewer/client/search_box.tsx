import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SearchHit } from "../api.ts";
import { formatTime, visible } from "./format.ts";
import { Icon } from "./icons.tsx";
import { follow, go, type Route, routePath } from "./route.ts";
import { getJson } from "./use_query.ts";

/** Finds an attempt by what support mentions: a request id, or a sentence around it. */
export function SearchBox(): JSX.Element {
  const [text, setText] = useState("");
  const [hits, setHits] = useState<readonly SearchHit[] | undefined>();
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    setAt(0);
    if (text.trim() === "") return setHits(undefined);
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const found = await getJson<{ hits: SearchHit[] }>(
          `/api/search?q=${encodeURIComponent(text)}`,
          abort.signal,
        );
        setHits(found.hits);
      } catch {
        if (!abort.signal.aborted) setHits([]);
      }
    }, 80);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);

  const leave = (): void => {
    setOpen(false);
    input.current?.blur();
  };
  const take = (hit: SearchHit | undefined): void => {
    if (hit === undefined) return;
    go(placeOf(hit));
    setText("");
    leave();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const count = hits?.length ?? 0;
    if (event.key === "Enter") take(hits?.[at]);
    else if (event.key === "Escape") leave();
    else if (event.key === "ArrowDown" && count > 0) setAt((at + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) setAt((at - 1 + count) % count);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      class="search"
      role="search"
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <Icon name="search" />
      <input
        ref={input}
        id="search"
        type="search"
        placeholder="Paste a request id"
        aria-label="Find an attempt by its request id"
        role="combobox"
        // the types want it said beside this role
        list={undefined}
        aria-expanded={open && hits !== undefined}
        aria-controls="hits"
        aria-activedescendant={open && hits?.length ? `hit-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        maxLength={500}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      <kbd>/</kbd>
      {open && hits !== undefined && (
        <div class="hits" id="hits" role="listbox">
          {hits.length === 0 && (
            <p class="muted">No attempt here has this id. Ids of traces and conversations are found too.</p>
          )}
          {hits.map((hit, index) => (
            <a
              key={`${hit.traceId}${hit.spanId}`}
              id={`hit-${index}`}
              role="option"
              aria-selected={index === at}
              class="hit"
              href={routePath(placeOf(hit))}
              onClick={(event) => {
                follow(placeOf(hit))(event);
                if (event.defaultPrevented) take(hit);
              }}
              onMouseMove={() => setAt(index)}
            >
              <span class="mono">{visible(hit.matched)}</span>
              <span class="muted">
                {hit.failed && <b class="bad">failed</b>} {hit.what} · {visible(hit.title)} ·{" "}
                {formatTime(hit.startMs)}
              </span>
            </a>
          ))}
        </div>
      )}
    </div>
  );
}

function placeOf({ traceId, spanId }: SearchHit): Route {
  return { page: "trace", traceId, ...spanId === undefined ? {} : { spanId } };
}

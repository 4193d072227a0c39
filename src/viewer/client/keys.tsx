import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { copyText } from "./copy_button.tsx";
import { go, route } from "./route.ts";
import { nextTheme } from "./theme.tsx";

const KEYS = [
  ["/", "find a request id"],
  ["j, k", "next and previous conversation, call or span"],
  ["Enter", "open it"],
  ["c", "copy the request id of the open card"],
  ["v", "conversation or all spans"],
  ["Esc", "close the card, then back to the list"],
  ["1, 2, 3", "conversations, charts, metrics"],
  ["t", "light, dark or as the system"],
  ["?", "these keys"],
] as const;

const shown = signal(false);
const copied = signal("");

/** What `j` and `k` move through, by page. */
const STOPS = ".item[href], .try, .turn, .eou";

/** The list of keys, and a word when one did something that cannot be seen. */
export function Keys(): JSX.Element {
  return (
    <>
      <div class="toast" role="status" data-shown={copied.value !== ""}>{copied.value}</div>
      {shown.value && (
        <div
          class="sheet"
          role="dialog"
          aria-modal="true"
          aria-label="Keys"
          onClick={() => shown.value = false}
        >
          <div class="sheet-body">
            <h2>Keys</h2>
            <dl class="facts">
              {KEYS.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </div>
        </div>
      )}
    </>
  );
}

/** Listens to keys, wherever the reader is, but not while they type. */
export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    if (target instanceof HTMLElement && /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
    const act = actions[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

const actions: Readonly<Record<string, () => void>> = {
  "/": () => document.getElementById("search")?.focus(),
  "j": () => move(1),
  "k": () => move(-1),
  "c": () => void copyFirstId(),
  "v": switchView,
  "t": nextTheme,
  "?": () => shown.value = !shown.value,
  "1": () => go({ page: "list" }),
  "2": () => go({ page: "charts" }),
  "3": () => go({ page: "metrics" }),
  "Escape": leave,
};

function move(by: number): void {
  const tree = document.querySelector<HTMLElement>(".waterfall-rows");
  if (tree !== null) {
    tree.focus();
    tree.dispatchEvent(
      new KeyboardEvent("keydown", {
        key: by > 0 ? "ArrowDown" : "ArrowUp",
        bubbles: true,
        cancelable: true,
      }),
    );
    return;
  }
  const stops = [...document.querySelectorAll<HTMLElement>(STOPS)];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

async function copyFirstId(): Promise<void> {
  const id = document.querySelector<HTMLElement>(".card [data-id]")?.dataset.id;
  if (id === undefined) return;
  copied.value = await copyText(id) ? "Request id copied" : "The browser did not let us copy";
  setTimeout(() => copied.value = "", 1600);
}

function switchView(): void {
  const at = route.value;
  if (at.page !== "trace") return;
  const spans = document.querySelector(".waterfall") !== null;
  go({ ...at, view: spans ? "conversation" : "spans" }, true);
}

function leave(): void {
  const at = route.value;
  if (shown.value) shown.value = false;
  else if (at.page === "trace" && at.spanId !== undefined) {
    const { spanId: _, ...place } = at;
    go(place, true);
  } else if (at.page !== "list") go({ page: "list" });
}

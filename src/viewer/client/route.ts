import { signal } from "@preact/signals";

/** What the page shows. */
export type Route =
  | { readonly page: "list" }
  | { readonly page: "charts" }
  | { readonly page: "metrics" }
  | { readonly page: "trace"; readonly traceId: string; readonly spanId?: string; readonly view?: TraceView };

/** How a trace is looked at. */
export type TraceView = "conversation" | "spans";

/** Where the reader is. */
export const route = signal<Route>(readRoute());

addEventListener("popstate", () => route.value = readRoute());

/** The address of a place. */
export function routePath(to: Route): string {
  if (to.page === "list") return "/";
  if (to.page !== "trace") return `/${to.page}`;
  const query = new URLSearchParams();
  if (to.view !== undefined) query.set("view", to.view);
  if (to.spanId !== undefined) query.set("span", to.spanId);
  const text = query.toString();
  return `/traces/${encodeURIComponent(to.traceId)}${text === "" ? "" : `?${text}`}`;
}

/** Goes somewhere; `replace` leaves no step in the browser's history. */
export function go(to: Route, replace = false): void {
  history[replace ? "replaceState" : "pushState"](null, "", routePath(to));
  const before = route.value;
  route.value = to;
  const samePlace = before.page === to.page && (to.page !== "trace" || sameTrace(before, to));
  if (!samePlace) scrollTo(0, 0);
}

/** For links: a plain click stays in this page, any other does what a browser does. */
export function follow(to: Route): (event: MouseEvent) => void {
  return (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
}

function sameTrace(a: Route, b: Route): boolean {
  return a.page === "trace" && b.page === "trace" && a.traceId === b.traceId;
}

function readRoute(): Route {
  const [, first, second] = location.pathname.split("/");
  if (first === "charts" || first === "metrics") return { page: first };
  if (first !== "traces" || !second) return { page: "list" };
  const query = new URLSearchParams(location.search);
  const [spanId, view] = [query.get("span"), query.get("view")];
  return {
    page: "trace",
    traceId: decodeURIComponent(second),
    ...spanId === null ? {} : { spanId },
    ...view === "spans" || view === "conversation" ? { view } : {},
  };
}

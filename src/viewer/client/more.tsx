import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** The end of a list that has more: coming into view, it asks for it. */
export function More({ load }: { readonly load: () => void }): JSX.Element {
  const element = useRef<HTMLButtonElement>(null);
  const latest = useRef(load);
  latest.current = load;
  // Anew each time: what is still in view after more came asks again.
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) latest.current();
    }, { rootMargin: "600px" });
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [load]);
  return <button type="button" ref={element} class="button more" onClick={() => load()}>Show more</button>;
}

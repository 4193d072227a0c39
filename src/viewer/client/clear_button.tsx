import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Forgets everything that is kept, at the second press. */
export function ClearButton(): JSX.Element {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!asked) return;
    const timer = setTimeout(() => setAsked(false), 3000);
    return () => clearTimeout(timer);
  }, [asked]);
  const press = (): void => {
    setAsked(!asked);
    if (asked) void fetch("/api/traces", { method: "DELETE" });
  };
  return (
    <button type="button" class={`button ${asked ? "bad" : ""}`} onClick={press}>
      {asked ? "Forget all?" : "Clear"}
    </button>
  );
}

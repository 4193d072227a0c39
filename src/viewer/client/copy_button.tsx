import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";

/** How a copy button looks. */
interface CopyProps {
  /** What is copied. */
  readonly text: string;
  /** What it is, for those who do not see the icon: "request id". */
  readonly what: string;
  /** Words on the button; without, it is an icon. */
  readonly label?: string;
}

/** Copies a text, and says that it did. */
export function CopyButton({ text, what, label }: CopyProps): JSX.Element {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1600);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => setState(await copyText(text) ? "copied" : "refused");
  const words = state === "copied" ? "Copied" : state === "refused" ? "Press Ctrl+C" : label;
  return (
    <button
      type="button"
      class={`copy ${label === undefined ? "copy-icon" : "button"}`}
      data-state={state}
      onClick={copy}
      title={`Copy the ${what}`}
      aria-label={`Copy the ${what}`}
    >
      <Icon name={state === "copied" ? "check" : "copy"} />
      {words !== undefined && <span>{words}</span>}
      <span class="unseen" role="status">{state === "copied" ? `${what} copied` : ""}</span>
    </button>
  );
}

/** Copies, also where the page is not on a secure origin: a viewer opened by `--host` is reached over plain HTTP. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

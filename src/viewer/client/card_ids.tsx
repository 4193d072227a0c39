import type { JSX } from "preact";
import type { SpanFacts } from "../api.ts";
import { CopyButton } from "./copy_button.tsx";
import { visible } from "./format.ts";

/** The ids by which the provider finds an attempt. The first is the one that its support asks for. */
export function CardIds(
  { facts, failed }: { readonly facts: SpanFacts; readonly failed: boolean },
): JSX.Element | null {
  const ids = facts.requestIds ?? [];
  const others = facts.responseId === undefined || ids.includes(facts.responseId) ? [] : [facts.responseId];
  if (ids.length + others.length === 0) return null;
  return (
    <section>
      <h3>{ids.length + others.length === 1 ? "Request id" : "Request ids"}</h3>
      <ul class="id-list">
        {[...ids, ...others].map((id, index) => (
          <li key={id} class={index === 0 ? "first" : ""}>
            <code data-id={id}>{visible(id)}</code>
            <CopyButton text={id} what="request id" />
          </li>
        ))}
      </ul>
      {failed && ids.length > 0 && (
        <p class="muted hint">The first is what support asks for. Press c to copy it.</p>
      )}
    </section>
  );
}

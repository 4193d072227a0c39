import type { JSX } from "preact";

/** A figure with its name, and what it is made of. */
export function Figure(
  { name, value, detail, kind = "" }: {
    readonly name: string;
    readonly value: string;
    readonly detail: string;
    readonly kind?: "" | "bad" | "warn";
  },
): JSX.Element {
  return (
    <div class={`figure ${kind}`}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd class="muted">{detail}</dd>
    </div>
  );
}

/** Frames of sockets: those that were written down, changed, as other kinds of frames, and noise. */

import fc from "fast-check";
import { providers } from "../../src/providers/mod.ts";
import { type FixtureFrame, frameData, socketFixtures } from "../support/fixtures.ts";
import { type Change, change, changed } from "./odd.ts";

const text = new TextEncoder();

/** Every socket of every provider. */
export const doors = providers.flatMap((provider) =>
  (provider.sockets ?? []).map((route) => {
    const fill = (pattern: string): string => pattern.replaceAll("**", "a/b").replaceAll("*", "x1");
    const url = new URL(`wss://${fill(provider.hosts[0]!)}${fill(route.path)}`);
    for (const [name, value] of Object.entries(route.query ?? {})) url.searchParams.set(name, value);
    return { url: String(url), provider: provider.name };
  })
);

/** As what kind of frame. */
export type As = "same" | "text" | "bytes" | "buffer" | "blob" | "view";

/** Mostly as it was. */
export const as: fc.Arbitrary<As> = fc.oneof(
  { weight: 8, arbitrary: fc.constant("same" as const) },
  { weight: 2, arbitrary: fc.constantFrom("text", "bytes", "buffer", "blob", "view") },
);

/** A frame that is no close. */
export type Content = Exclude<FixtureFrame, { closed: number }>;

/** The content as that kind of frame. */
export function inKind(
  content: string | Uint8Array<ArrayBuffer>,
  kind: As,
): string | Blob | ArrayBuffer | DataView | Uint8Array {
  if (kind === "same") return content;
  if (kind === "text") {
    return typeof content === "string" ? content : new TextDecoder("latin1").decode(content);
  }
  const bytes = typeof content === "string" ? text.encode(content) : content.slice();
  if (kind === "bytes") return bytes;
  if (kind === "buffer") return bytes.buffer;
  return kind === "blob" ? new Blob([bytes]) : new DataView(bytes.buffer);
}

/** The content with changes made to it. */
export function changedFrame(
  content: string | Uint8Array<ArrayBuffer>,
  changes: readonly Change[],
): string | Uint8Array<ArrayBuffer> {
  if (changes.length === 0) return content;
  if (typeof content !== "string") return changed(content, changes);
  return new TextDecoder().decode(changed(text.encode(content), changes));
}

/** A step of a talk. */
export type Step =
  /** The next frame that was written down, changed or as another kind of frame, or from the other side. */
  | { readonly do: "frame"; readonly changes: readonly Change[]; readonly as: As; readonly turned: boolean }
  | { readonly do: "noise"; readonly content: string; readonly sent: boolean }
  | { readonly do: "wait" };

/** A talk on a socket of a provider. */
export interface Talk {
  readonly fixture: number;
  readonly steps: readonly Step[];
}

/** Talks. */
export const talk: fc.Arbitrary<Talk> = fc.record({
  fixture: fc.nat(socketFixtures.length - 1),
  steps: fc.array(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.record({
          do: fc.constant("frame" as const),
          changes: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, {
            weight: 1,
            arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }),
          }),
          as,
          turned: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, {
            weight: 1,
            arbitrary: fc.constant(true),
          }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant("noise" as const),
          content: fc.oneof(fc.string({ unit: "binary" }), fc.json()),
          sent: fc.boolean(),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const) }) },
    ),
    { maxLength: 40, size: "max" },
  ),
});

/** What goes over the wire. */
export interface Said {
  readonly sent: boolean;
  readonly data: string | Blob | ArrayBuffer | DataView | Uint8Array;
}

/** What is said in a talk; nothing for a pause. */
export function* said({ fixture, steps }: Talk): Generator<Said | undefined> {
  const written = socketFixtures[fixture]!.frames.filter((frame): frame is Content => !("closed" in frame));
  let at = 0;
  for (const step of steps) {
    if (step.do === "wait") yield undefined;
    else if (step.do === "noise") yield { sent: step.sent, data: step.content };
    else {
      const frame = written[at++];
      if (frame === undefined) return;
      const data = inKind(changedFrame(frameData(frame), step.changes), step.as);
      yield { sent: "sent" in frame !== step.turned, data };
    }
  }
}

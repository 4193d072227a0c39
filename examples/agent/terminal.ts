/**
 * How the demo speaks: headings, a conversation as it is heard, and the list of ids for the providers' support.
 * Nothing here is about telemetry, but for the list, which is made from what a session called.
 */

import { type AttemptRecord, providers } from "@teespan/teespan";
import type { Listener } from "./phone.ts";

type Style = keyof typeof STYLES;

const STYLES = { plain: 0, bold: 1, dim: 2, red: 31, green: 32, cyan: 36 } as const;
const COLUMNS = 100;

/** Whether to use color: on a terminal, unless `NO_COLOR` is set. */
export const color = Deno.stdout.isTerminal() && !Deno.noColor;

/** A text in a style, where there is color. */
export function paint(style: Style, text: string): string {
  return color && style !== "plain" ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
}

/** Prints a heading with room around it. */
export function printHeading(text: string): void {
  console.log(`\n${paint("bold", text)}\n`);
}

/** A conversation as it is heard, word by word; before an answer stands how long it was waited for. */
export function openConversation(): Listener {
  const encoder = new TextEncoder();
  const write = (text: string): void => void Deno.stdout.writeSync(encoder.encode(text));
  const indent = " ".repeat(16);
  let [speaker, column] = ["", 0];
  return {
    heard(who, word, waitedSeconds) {
      if (who !== speaker) {
        const waited = waitedSeconds === undefined ? "" : formatSeconds(waitedSeconds);
        write(`${paint("bold", who.padEnd(5))} ${paint("dim", waited.padStart(8))} `);
        [speaker, column] = [who, indent.length - 1];
      }
      const wraps = column + 1 + word.length > COLUMNS;
      write(wraps ? `\n${indent}${word}` : ` ${word}`);
      column = (wraps ? indent.length : column + 1) + word.length;
    },
    silent(cutOff) {
      if (speaker !== "") write(cutOff ? ` ${paint("dim", "– cut off")}\n` : "\n");
      speaker = "";
    },
  };
}

/** One line per attempt: the provider, how it went, and the id that its support asks for. */
export function describeAttempts(attempts: readonly AttemptRecord[]): readonly string[] {
  const rows = attempts.map(
    (
      { provider, outcome, status, startedAt, completedAt, requestIds },
    ): readonly (readonly [Style, string])[] => {
      const failed = outcome === "error";
      const [first] = requestIds;
      return [
        failed ? ["red", "✗"] : outcome === "success" ? ["green", "✓"] : ["dim", "·"],
        ["plain", provider],
        [failed ? "red" : "plain", String(status ?? "–").padEnd(3)],
        ["dim", formatSeconds(completedAt - startedAt).padStart(7)],
        ["dim", first === undefined ? "" : labelId(provider, first.kind)],
        first === undefined ? ["dim", "no id came back"] : ["cyan", first.id],
        ["plain", failed && first !== undefined ? "← send this one" : ""],
      ];
    },
  );
  const widthOf = (at: number): number => Math.max(...rows.map((row) => row[at]?.[1].length ?? 0));
  return rows.map((row) =>
    row.map(([style, text], at) => paint(style, text.padEnd(widthOf(at)))).join("  ").trimEnd()
  );
}

/** Where an id is from: a header, or for Cartesia the context that we named and it knows. */
function labelId(name: string, kind: AttemptRecord["requestIds"][number]["kind"]): string {
  if (kind === "echoed") return "context_id";
  return providers.find((row) => (row.genAiName ?? row.name) === name)?.requestIdHeaders[0] ?? "id";
}

function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`;
}

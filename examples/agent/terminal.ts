/**
 * How the demo speaks: headings, an answer wrapped while it streams, and the list of ids for the providers' support.
 * Nothing here is about telemetry, but for which attributes of a span the list is made from.
 */

import { providers } from "@teespan/teespan";
import type { ReceivedSpan } from "@teespan/teespan/testing";

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

/** Prints a text word by word as it arrives, after a label, and gives it back as a whole. */
export async function printStream(label: string, texts: AsyncIterable<string>): Promise<string> {
  const indent = " ".repeat(label.length + 2);
  const encoder = new TextEncoder();
  const write = (text: string): number => Deno.stdout.writeSync(encoder.encode(text));
  let [whole, word, column] = ["", "", indent.length];
  const endWord = (): void => {
    if (word === "") return;
    const fresh = column === indent.length;
    const wraps = !fresh && column + 1 + word.length > COLUMNS;
    write(wraps ? `\n${indent}${word}` : fresh ? word : ` ${word}`);
    column = (wraps ? indent.length : fresh ? column : column + 1) + word.length;
    word = "";
  };
  write(`${paint("bold", label)}  `);
  for await (const text of texts) {
    whole += text;
    for (const character of text) {
      if (/\s/.test(character)) endWord();
      else word += character;
    }
  }
  endWord();
  write("\n");
  return whole;
}

/** One line per attempt: the provider, how it went, and the id that its support asks for. */
export function describeAttempts(spans: readonly ReceivedSpan[]): readonly string[] {
  const rows = attemptsOf(spans).map(
    ({ attributes, durationSeconds, status }): readonly (readonly [Style, string])[] => {
      const failed = status.code === "ERROR";
      const name = String(attributes["gen_ai.provider.name"]);
      const provider = providers.find((row) => (row.genAiName ?? row.name) === name);
      const ids = attributes["lk.provider_request_ids"];
      const id = Array.isArray(ids) ? String(ids[0]) : undefined;
      return [
        failed ? ["red", "✗"] : ["green", "✓"],
        ["plain", name],
        [failed ? "red" : "plain", String(attributes["http.response.status_code"] ?? "–")],
        ["dim", formatSeconds(durationSeconds).padStart(7)],
        ["dim", id === undefined ? "" : provider?.requestIdHeaders[0] ?? "id"],
        id === undefined ? ["dim", "no id came back"] : ["cyan", id],
        ["plain", failed && id !== undefined ? "← send this one" : ""],
      ];
    },
  );
  const widthOf = (at: number): number => Math.max(...rows.map((row) => row[at]?.[1].length ?? 0));
  return rows.map((row) =>
    row.map(([style, text], at) => paint(style, text.padEnd(widthOf(at)))).join("  ").trimEnd()
  );
}

/** The attempts among spans, in the order in which they began. */
export function attemptsOf(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  return spans.filter((span) => span.attributes["gen_ai.provider.name"] !== undefined)
    .toSorted((a, b) => a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1);
}

function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`;
}

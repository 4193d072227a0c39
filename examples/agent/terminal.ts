/**
 * How the demo speaks: headings, an answer wrapped while it streams, and the list of ids for the providers' support.
 * Nothing here is about telemetry, but for the list, which is made from what a session called.
 */

import { type AttemptRecord, providers } from "@teespan/teespan";

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

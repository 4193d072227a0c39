import type { JSX } from "preact";
import type { ModelUsage } from "../api.ts";
import { formatCount, formatSeconds, formatShare, formatShort, visible } from "./format.ts";

/** A figure that models are compared by. */
interface Column {
  readonly name: string;
  readonly read: (usage: ModelUsage) => number | undefined;
  readonly format: (value: number) => string;
}

const COLUMNS: readonly Column[] = [
  { name: "Tokens in", read: ({ inputTokens }) => inputTokens, format: formatShort },
  { name: "cached", read: ({ cachedInputTokens }) => cachedInputTokens, format: formatShort },
  { name: "Tokens out", read: ({ outputTokens }) => outputTokens, format: formatShort },
  { name: "Characters", read: ({ characters }) => characters, format: formatShort },
  { name: "Audio", read: ({ audioSeconds }) => audioSeconds, format: formatSeconds },
];

/** What each model took and gave. */
export function UsageTable(
  { usage, colors }: { readonly usage: readonly ModelUsage[]; readonly colors: ReadonlyMap<string, string> },
): JSX.Element {
  const columns = COLUMNS.filter(({ read }) => usage.some((row) => read(row) !== undefined));
  const most = new Map(
    columns.map((column) => [column, Math.max(...usage.map((row) => column.read(row) ?? 0), 1e-9)]),
  );
  return (
    <section class="panel">
      <h2>Usage by model</h2>
      <div class="scroll-x">
        <table class="usage">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Attempts</th>
              <th scope="col">Errors</th>
              <th scope="col">Retries</th>
              {columns.map(({ name }) => <th key={name} scope="col">{name}</th>)}
            </tr>
          </thead>
          <tbody>
            {usage.map((row) => (
              <tr key={`${row.operation} ${row.provider} ${row.model}`}>
                <th scope="row">
                  <i class="swatch" style={{ background: `var(${colors.get(row.model) ?? "--muted"})` }} />
                  <span class="mono">{visible(row.model)}</span>
                  <span class="muted">
                    {[row.operation.toUpperCase(), visible(row.provider)].filter(Boolean).join(" · ")}
                  </span>
                </th>
                <td>{formatCount(row.attempts)}</td>
                <td class={row.errors > 0 ? "bad" : "muted"}>
                  {row.errors > 0 ? formatShare(row.errors, row.attempts) : "0"}
                </td>
                <td class={row.retries > 0 ? "warn" : "muted"}>
                  {row.retries > 0 ? formatShare(row.retries, row.attempts) : "0"}
                </td>
                {columns.map((column) => {
                  const value = column.read(row);
                  return (
                    <td key={column.name}>
                      {value !== undefined && (
                        <>
                          {column.format(value)}
                          <span class="meter">
                            <span
                              style={{
                                width: `${value / most.get(column)! * 100}%`,
                                background: `var(${colors.get(row.model) ?? "--muted"})`,
                              }}
                            />
                          </span>
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/**
 * What was recorded, as a table.
 *
 * @module
 */

import { drawTable } from "../table.ts";
import type { Recorded } from "./records.ts";

/** Draws a row for each contender and reader. */
export function drawRecords(
  rows: readonly (readonly [name: string, reader: string, recorded: Recorded])[],
): string {
  const mark = (recorded: boolean): string => recorded ? "yes" : "no";
  return drawTable(
    [
      "",
      "reader",
      "body's id",
      "header's id",
      "usage",
      "cached, reasoning",
      "first word",
      "whole body",
      "spans of 3 tries",
      "ids of 3 tries",
      "ended after break",
      "after abort",
      "after reset",
      "unhandled rejections",
    ],
    rows.map(([name, reader, recorded]) => [
      name,
      reader,
      mark(recorded.responseId),
      mark(recorded.requestId),
      mark(recorded.usage),
      mark(recorded.usageDetails),
      mark(recorded.firstWord),
      mark(recorded.wholeBody),
      String(recorded.retriedSpans),
      String(recorded.retriedIds),
      mark(recorded.endedAfter.break),
      mark(recorded.endedAfter.abort),
      mark(recorded.endedAfter.reset),
      String(recorded.rejections),
    ]),
  );
}

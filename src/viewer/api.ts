/**
 * What the server and the page say to each other, as JSON. Types only: nothing of it is in the page's bundle.
 *
 * @module
 */

export type * from "./api/measured.ts";
export type * from "./api/span.ts";
export type * from "./api/summary.ts";
export type * from "./api/trace.ts";

/**
 * URLs without secrets.
 *
 * @module
 */

/** Query parameters whose values say how a call is made, never who makes it. */
const HARMLESS = new Set([
  "alt",
  "api-version",
  "beta",
  "cartesia_version",
  "channels",
  "encoding",
  "intent",
  "interim_results",
  "language",
  "language_code",
  "model",
  "model_id",
  "output_format",
  "region",
  "sample_rate",
  "stream",
  "version",
]);

/**
 * The URL as it may be recorded: credentials and fragment gone, query values replaced by `REDACTED` unless their
 * name is known to be harmless. Keys travel in queries under too many names to list those instead.
 */
export function scrubUrl(url: URL): string {
  // an URL makes its parameters when first asked for them, and keeps them
  const query = url.search === "" ? "" : `?${scrubQuery(url)}`;
  const scrubbed = `${url.protocol}//${url.host}${url.pathname}${query}`;
  // what is there already is not kept twice
  return scrubbed === url.href ? url.href : scrubbed;
}

/** The query of a URL as it may be recorded, in the same way. */
export function scrubQuery(url: URL): string {
  return [...url.searchParams].map(([name, value]) =>
    `${encodeURIComponent(name)}=${HARMLESS.has(name) ? encodeURIComponent(value) : "REDACTED"}`
  ).join("&");
}

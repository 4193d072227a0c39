/**
 * What a URL's path says.
 *
 * @module
 */

/** What the pattern's first group finds in a path, decoded; `undefined` when it does not fit. */
export function pathPart(url: URL, pattern: RegExp): string | undefined {
  const part = pattern.exec(url.pathname)?.[1];
  try {
    return part && decodeURIComponent(part);
  } catch {
    return part; // a percent sign that encodes nothing
  }
}

/**
 * Where a call goes, as far as it is recorded: texts, for a `URL` is as large as an attempt.
 *
 * @module
 */

import { scrubUrl } from "../scrub.ts";

/** Where a call goes. */
export interface Target {
  /** The host. */
  readonly address: string;
  /** The port, where it is not the scheme's own. */
  readonly port: number | undefined;
  /** The URL without secrets. */
  readonly url: string;
}

/** The target that a URL names. */
export function targetOf(url: URL): Target {
  return { address: url.hostname, port: url.port ? Number(url.port) : undefined, url: scrubUrl(url) };
}

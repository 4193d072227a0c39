/**
 * Rows for servers of one's own, whose hosts nobody else knows: one call each.
 *
 * @module
 */

import { personaplexChat } from "./formats/personaplex.ts";
import type { Provider, ProviderName } from "./types.ts";

/** A server that one runs oneself. */
export interface SelfHosted {
  /** Its host, or hosts, with the port where it is not the scheme's own. */
  readonly host: string | readonly string[];
  /**
   * Its short name.
   *
   * @default that of what runs on it
   */
  readonly name?: ProviderName | undefined;
}

/**
 * A row for a server of NVIDIA's PersonaPlex. It has no ids. A conversation is one attempt from the making of its
 * socket to its close, as nothing on the wire says where an answer ends; what the query holds, the prompt above all,
 * is not recorded.
 *
 * @example A server in the rack next door
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 * import { personaplex, providers } from "@teespan/teespan/providers";
 *
 * await using telemetry = startTelemetry({
 *   serviceName: "my-agent",
 *   providers: [personaplex({ host: "plex.acme.example:8998" }), ...providers],
 * });
 * ```
 *
 * @param server where it is
 * @returns the row, for {@linkcode InstrumentOptions.providers}
 */
export function personaplex({ host, name = "personaplex" }: SelfHosted): Provider {
  return {
    name,
    hosts: typeof host === "string" ? [host] : host,
    routes: [],
    sockets: [{ path: "/api/chat", operation: "realtime", format: personaplexChat() }],
    requestIdHeaders: [],
    streamedUsage: "never",
    evidence: "https://github.com/NVIDIA/personaplex",
    verifiedBy: ["documentation only"],
  };
}

/**
 * Words to whoever sets telemetry up, through the diagnostics logger of OpenTelemetry.
 *
 * @module
 */

import { diag } from "@opentelemetry/api";

/** Tells of something that may be a mistake. */
export function logWarning(text: string): void {
  diag.warn(`teespan: ${text}`);
}

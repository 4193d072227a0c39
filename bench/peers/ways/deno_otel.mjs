/** Deno's own telemetry: switched on from outside. */
export function start() {
  return { flush: () => Promise.resolve() };
}

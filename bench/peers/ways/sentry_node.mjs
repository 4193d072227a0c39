/** `@sentry/node`, all calls traced. */
import * as Sentry from "@sentry/node";

export function start({ collector }) {
  return startSentry(Sentry, collector);
}

/** Starts one of Sentry's SDKs. */
export function startSentry(Sentry, collector) {
  const dsn = collector.replace("//", "//key@") + "/1";
  Sentry.init({ dsn, tracesSampleRate: 1, sendDefaultPii: false });
  return {
    flush: () => Sentry.flush(2000),
  };
}

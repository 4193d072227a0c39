/**
 * A stream that goes both ways over HTTP, read as a socket is: the same protocol on a second transport.
 *
 * @module
 */

import { ABNORMAL_CLOSURE, createListeners } from "../stream/socket.ts";
import type { BodyObserver } from "../stream/tee.ts";
import type { HeaderLookup } from "../types.ts";
import { failureOf } from "./observation.ts";
import type { Instrumentation } from "./options.ts";
import { observeSocketTo } from "./socket.ts";

/** A stream under observation. Throws nothing of its own. */
export interface TwoWay {
  /** Sees what goes. */
  readonly outgoing: BodyObserver;
  /** It was not answered. */
  failed(error: unknown): void;
  /** It was answered: gives what sees what comes, unless it was refused. */
  answered(status: number, headers: HeaderLookup): BodyObserver | undefined;
}

/** HTTP has no codes of its closes: this is what a socket says without one. */
const NO_CODE = 1005;

/** How AWS names the class of a refusal; the page after the colon is of no use. */
const ERROR_TYPE = /^([\w.-]{1,64})(?::|$)/;

/** Begins the observation of a stream to `url`; `undefined` when it goes to no provider that is known. */
export function openTwoWay(
  instrumentation: Instrumentation,
  url: URL,
  headers: HeaderLookup,
  signal: AbortSignal | undefined,
): TwoWay | undefined {
  const observed = observeSocketTo(instrumentation, url, { headers });
  if (observed === undefined) return undefined;
  const { listen, tell } = createListeners();
  let over = false;
  const close = (code: number): void => {
    if (over) return;
    over = true;
    tell({ type: "close", code });
  };
  const closeOnWish = (): void => observed.closing(() => close(NO_CODE));
  /** It broke, on either side. */
  const fail = (reason: unknown): void => {
    if (over) return;
    const failure = failureOf(reason, signal);
    if (failure === undefined) return closeOnWish();
    observed.broke(failure);
    close(ABNORMAL_CLOSURE);
  };
  observed.listen(listen);
  return {
    // without more from the caller nothing more can come of it
    outgoing: { chunk: (bytes) => observed.sent(bytes), end() {}, cancel() {}, error: fail },
    failed(error) {
      const failure = failureOf(error, signal);
      if (failure === undefined) closeOnWish();
      else observed.failed(failure);
    },
    answered(status, headers) {
      if (status >= 400) {
        const [, type] = ERROR_TYPE.exec(headers.get("x-amzn-errortype") ?? "") ?? [];
        observed.answered(status, headers, type === undefined ? undefined : { type });
        return undefined;
      }
      observed.answered(101, headers);
      observed.opened();
      return {
        chunk: (bytes) => tell({ type: "message", data: bytes }),
        end: () => close(NO_CODE),
        cancel: closeOnWish,
        error: fail,
      };
    },
  };
}

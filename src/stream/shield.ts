/**
 * What keeps observers from harming calls: nothing thrown on our side reaches the caller.
 *
 * @module
 */

/** Where the library's own trouble arose. */
export type Stage = "match" | "read" | "record" | "export";

/** Told of trouble inside the library. What it throws is dropped. */
export type TroubleHandler = (error: unknown, stage: Stage) => void;

/** Runs `work`; when it throws, tells `onTrouble` and gives `undefined`. */
export function shield<T>(stage: Stage, onTrouble: TroubleHandler, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    harmless(onTrouble)(error, stage);
    return undefined;
  }
}

/** The handler, with what it throws dropped: it is the user's, and there is no one left to tell. */
export function harmless(onTrouble: TroubleHandler): TroubleHandler {
  return (error, stage) => {
    try {
      onTrouble(error, stage);
    } catch {
      // as said
    }
  };
}

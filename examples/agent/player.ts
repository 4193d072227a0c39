/** What the caller hears, and when: audio comes faster than it plays, and stays to be taken back until it has. */

/** Audio on its way to an ear. */
export interface Player {
  /** Whether it can be heard now. */
  readonly playing: boolean;
  /** Plays audio after what is still to be heard. */
  play(audio: Uint8Array): void;
  /** Resolves when all has been heard, or was dropped. */
  heard(): Promise<void>;
  /** Drops what was not heard yet. */
  drop(): void;
}

/** Told of the moments that a turn of the agent consists of. */
export interface PlayerEvents {
  /** Silence ended. */
  readonly started: () => void;
  /** It fell silent. */
  readonly stopped: () => void;
}

/** Sends audio on at once, and knows from its length when it has been heard. */
export function openPlayer(
  send: (audio: Uint8Array) => void,
  bytesPerSecond: number,
  { started, stopped }: PlayerEvents,
): Player {
  let silentAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence = Promise.withResolvers<void>();
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    stopped();
    silence.resolve();
  };
  return {
    get playing() {
      return timer !== undefined;
    },
    play(audio) {
      send(audio);
      if (timer === undefined) {
        silence = Promise.withResolvers();
        silentAt = Date.now();
        started();
      }
      clearTimeout(timer);
      silentAt += audio.length / bytesPerSecond * 1000;
      timer = setTimeout(stop, silentAt - Date.now());
    },
    async heard() {
      if (timer !== undefined) await silence.promise;
    },
    drop() {
      if (timer !== undefined) stop();
    },
  };
}

/**
 * Connections of one session that come back after they were lost: how often, and how much was sent before.
 *
 * @module
 */

/** What came before a connection. */
export interface Resumed {
  /** Connections to the same place before it. */
  readonly reconnects: number;
  /** Seconds of audio that were sent on those. */
  readonly audioOffsetSeconds: number;
}

/** Counts the connections to each place. */
export class Reconnects {
  readonly #places = new Map<string, { open: number; ended: number; audioSeconds: number }>();

  /** One begins; `undefined` where it is the first, or one beside another. */
  begin(place: string): Resumed | undefined {
    const known = this.#places.get(place) ?? { open: 0, ended: 0, audioSeconds: 0 };
    this.#places.set(place, known);
    const resumed = known.open === 0 && known.ended > 0;
    known.open++;
    return resumed ? { reconnects: known.ended, audioOffsetSeconds: known.audioSeconds } : undefined;
  }

  /** One ended, on which so much audio was sent. */
  end(place: string, audioSeconds: number): void {
    const known = this.#places.get(place);
    if (known === undefined) return;
    known.open--;
    known.ended++;
    known.audioSeconds += audioSeconds;
  }
}

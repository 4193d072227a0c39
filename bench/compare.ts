/**
 * Comparison in interleaved rounds: each round runs every contender once, and what counts is how each did against
 * the first of the same round. A machine's mood lasts longer than a round.
 *
 * @module
 */

/** What was read. */
export interface ReadCounts {
  /** Reads, the last one included. */
  readonly reads: number;
  /** Bytes read. */
  readonly bytes: number;
}

/** What reading took. */
export interface ReadCost extends ReadCounts {
  /** Wall time. */
  readonly milliseconds: number;
  /** CPU time of the reading process, all its threads. */
  readonly cpuMilliseconds: number;
}

/** What is compared. */
export interface Contender {
  /** Its name in the table. */
  readonly name: string;
  /** Runs it once. */
  run(): Promise<ReadCost>;
}

/** A median and the middle half around it. */
export interface Spread {
  /** Half of the values are below it. */
  readonly median: number;
  /** A quarter of the values is below it. */
  readonly low: number;
  /** A quarter of the values is above it. */
  readonly high: number;
}

/** How a contender did. */
export interface Comparison {
  /** Its name. */
  readonly name: string;
  /** Its costs, one for each round. */
  readonly costs: readonly ReadCost[];
  /** CPU time against the first contender's. */
  readonly cpuRatio: Spread;
  /** Wall time against the first contender's. */
  readonly timeRatio: Spread;
}

/** Rounds that are not counted, in which code is compiled and connections are opened. */
const WARM_UP_ROUNDS = 2;

/**
 * Runs all contenders in `rounds` rounds, each time in another order: one that always came after the same other
 * would always clear away its garbage.
 */
export async function compareInRounds(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Comparison[]> {
  const costs = contenders.map((): ReadCost[] => []);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const index of shuffle([...contenders.keys()])) {
      const cost = await contenders[index]!.run();
      if (round >= 0) costs[index]!.push(cost);
    }
  }
  return contenders.map(({ name }, index) => ({
    name,
    costs: costs[index]!,
    cpuRatio: compareCosts(costs[index]!, costs[0]!, (cost) => cost.cpuMilliseconds),
    timeRatio: compareCosts(costs[index]!, costs[0]!, (cost) => cost.milliseconds),
  }));
}

function compareCosts(
  costs: readonly ReadCost[],
  first: readonly ReadCost[],
  by: (cost: ReadCost) => number,
): Spread {
  return measureSpread(costs.map((cost, round) => by(cost) / by(first[round]!)));
}

/** The median of some values, and their quartiles. */
export function measureSpread(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  // so that two infinities do not make it no number
  return below === above ? below : below + (above - below) * (at % 1);
}

/** Fisher and Yates. */
export function shuffle(indexes: number[]): number[] {
  for (let last = indexes.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [indexes[last], indexes[other]] = [indexes[other]!, indexes[last]!];
  }
  return indexes;
}

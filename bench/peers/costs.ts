/**
 * What contenders cost, each in its process, measured in interleaved rounds against raw.
 *
 * @module
 */

import type { Collector } from "../collector.ts";
import { measureSpread, quantile, shuffle, type Spread } from "../compare.ts";
import { readRss } from "../runtimes.ts";
import { startWorker, type Worker, type WorkerOptions } from "../workers.ts";
import type { Contender } from "./contenders.ts";
import type { Command, ConsumerName, Result } from "./protocol.ts";

/** How low. */
const QUIET = 0.1;

/** Where and with what. */
export interface Stage {
  readonly platform: WorkerOptions["platform"];
  readonly origin: string;
  readonly collector: Collector;
}

/** A contender's figures. */
export interface Figures {
  readonly contender: Contender;
  /** In the measured unit, one for each round. */
  readonly values: readonly number[];
  /**
   * The tenth of the values that are the lowest end here: what others do to the machine only adds, so this is what it
   * costs when they rest.
   */
  readonly quiet: number;
  /** That against raw's. */
  readonly quietRatio: number;
  /** Against raw of the same round. */
  readonly ratio: Spread;
  /** What is above raw of the same round, in the measured unit. */
  readonly difference: Spread;
}

/** What is done in a round, and what of it counts. */
export interface Trial {
  readonly contenders: readonly Contender[];
  readonly command: Command;
  readonly rounds: number;
  /** Rounds that are not counted. */
  readonly warmUp?: number;
  /** The figure. */
  measure(result: Result): number;
}

/** Starts the process of a contender. */
export function startContender({ platform, origin, collector }: Stage, contender: Contender): Worker {
  const env = contender.fromEnvironment
    ? { OTEL_DENO: "true", OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: "100" }
    : {};
  return startWorker({ platform, way: contender.way, origin, collector: collector.url, env });
}

/** Runs a trial: the same processes in all rounds, each as often as the others, each round in another order. */
export async function compareWorkers(stage: Stage, trial: Trial): Promise<Figures[]> {
  const { contenders, command, rounds, warmUp = 2, measure } = trial;
  const workers = contenders.map((contender) => startContender(stage, contender));
  const values = contenders.map((): number[] => []);
  try {
    for (let round = -warmUp; round < rounds; round++) {
      for (const index of shuffle([...contenders.keys()])) {
        const value = measure(await workers[index]!.run(command));
        if (round >= 0) values[index]!.push(value);
        // what is sent later would be sent in another's time
        await workers[index]!.run({ do: "flush" });
      }
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    stage.collector.take();
  }
  return contenders.map((contender, index) => figuresOf(contender, values[index]!, values[0]!));
}

/** Runs what needs a process of its own each time, with what `use` makes of it. */
export async function compareFresh(
  stage: Stage,
  contenders: readonly Contender[],
  rounds: number,
  use: (worker: Worker, contender: Contender) => Promise<number>,
): Promise<Figures[]> {
  const values = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const index of shuffle([...contenders.keys()])) {
      const worker = startContender(stage, contenders[index]!);
      values[index]!.push(await use(worker, contenders[index]!));
      await worker.stop();
    }
  }
  stage.collector.take();
  return contenders.map((contender, index) => figuresOf(contender, values[index]!, values[0]!));
}

function figuresOf(contender: Contender, values: readonly number[], raw: readonly number[]): Figures {
  const quiet = quantile(values, QUIET);
  return {
    contender,
    values,
    quiet,
    quietRatio: quiet / quantile(raw, QUIET),
    ratio: measureSpread(values.map((value, round) => value / raw[round]!)),
    difference: measureSpread(values.map((value, round) => value - raw[round]!)),
  };
}

/** What a pause let through: bytes that the provider could push, and what the process grew by. */
export interface Pause {
  readonly pushedBytes: number;
  readonly rssBytes: number;
}

const PAUSE_MS = 1_000;

/** Reads one chunk of 64 MB and pauses. */
export async function measurePause(
  { origin }: Stage,
  worker: Worker,
  consumer: ConsumerName,
): Promise<Pause> {
  await worker.run({ do: "read", kind: "short", consumer });
  const before = await readRss(worker.pid);
  const id = crypto.randomUUID();
  await worker.run({ do: "open", kind: "verbose", count: 1, id, consumer });
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const pushedBytes: number = await fetch(`${origin}/pushed/${id}`).then((response) => response.json());
  return { pushedBytes, rssBytes: await readRss(worker.pid) - before };
}

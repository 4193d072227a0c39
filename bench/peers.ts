/**
 * `deno task bench:peers`: compares the library with what is used in its place, on Deno and on Node, all with the same
 * provider, the same readers and the same collector.
 *
 * `--quick` takes fewer rounds, `--write` also puts the tables into `RESULTS.md`; names of parts choose some. Installs
 * the peers, as their lock file has them, when they are not there.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { binaries, BUILT, FOLDER, installPacked, run } from "../tests/runtimes/host/install.ts";
import { type Collector, startCollector } from "./collector.ts";
import { measureSpread, quantile } from "./compare.ts";
import { type Contender, contenders, contendersOf, RAW, RAW_AGAIN, TEESPAN } from "./peers/contenders.ts";
import {
  compareFresh,
  compareWorkers,
  type Figures,
  measurePause,
  type Pause,
  type Stage,
  startContender,
} from "./peers/costs.ts";
import { drawRecords } from "./peers/draw.ts";
import type { ConsumerName, Result } from "./peers/protocol.ts";
import { record, type Recorded } from "./peers/records.ts";
import { writeResults } from "./results.ts";
import { SSE_CHUNKS } from "./chat.ts";
import { PACED_CHUNKS, SOCKET_FRAMES, startServer } from "./server.ts";
import { drawTable, formatNumber, formatSpread } from "./table.ts";
import { PEERS } from "./workers.ts";

const quick = Deno.args.includes("--quick");
const rounds = (full: number): number => quick ? Math.min(3, full) : full;
/** Those of the part that is run. */
let sections: string[] = [];
let targets: [target: string, measured: string, met: string][] = [];
const microseconds = (result: Result, count: number): number => result.cpuMs * 1000 / count;

/** Prints a section now and keeps it for the file. */
function addSection({ platform }: Stage, title: string, text: string): void {
  const section = `#### ${nameOf(platform)}: ${title}\n\n${text}`;
  console.log(`${section}\n`);
  sections.push(section);
}

function addTarget({ platform }: Stage, target: string, measured: string, met: boolean): void {
  targets.push([`${nameOf(platform)}: ${target}`, measured, met ? "met" : "**missed**"]);
}

function nameOf(platform: Stage["platform"]): string {
  return platform.startsWith("deno") ? "Deno" : platform.replace("node", "Node");
}

/** One row for each contender. */
function drawFigures(figures: readonly Figures[], unit: string): string {
  return drawTable(
    ["", `${unit}, quiet`, "against raw, quiet", `${unit}, median`, "against raw, median"],
    figures.map(({ contender, values, quiet, quietRatio, ratio }, index) => [
      contender.name,
      formatNumber(quiet),
      index === 0 ? "1" : quietRatio.toFixed(2),
      formatNumber(measureSpread(values).median),
      index === 0 ? "1" : formatSpread(ratio),
    ]),
  );
}

/** A ratio as a target is held against it, with what raw has against itself. */
function describeRatio(figures: readonly Figures[]): string {
  const { quietRatio, ratio } = teespanOf(figures);
  const again = figures.find(({ contender }) => contender.name === RAW_AGAIN.name)!;
  return `${quietRatio.toFixed(2)}, median ${ratio.median.toFixed(2)}; raw once more ${
    again.quietRatio.toFixed(2)
  }, median ${again.ratio.median.toFixed(2)}`;
}

const teespanOf = (figures: readonly Figures[]): Figures =>
  figures.find(({ contender }) => contender.way === TEESPAN.way)!;
async function compareRecords(stage: Stage): Promise<void> {
  const rows: [name: string, reader: ConsumerName, recorded: Recorded][] = [];
  for (const contender of contendersOf(stage.platform)) {
    if (contender.way === RAW.way) continue;
    for (const consumer of contender.consumers) {
      const worker = startContender(stage, contender);
      rows.push([contender.name, consumer, await record(worker, stage.collector, consumer)]);
      await worker.stop();
      stage.collector.take();
    }
  }
  const remarks = contendersOf(stage.platform).filter(({ remark }) => remark !== undefined)
    .map(({ name, remark }) => `- \`${name}\` ${remark}.`);
  addSection(
    stage,
    "What each recorded",
    [drawRecords(rows), ...remarks.length ? ["", ...remarks] : []].join("\n"),
  );
}

const READERS = { openai: "the official SDK", fetch: "plain `fetch`", ai: "the AI SDK" } as const;

async function compareCpu(stage: Stage): Promise<void> {
  for (const consumer of ["openai", "fetch", "ai"] as const) {
    const figures = await compareWorkers(stage, {
      contenders: contendersOf(stage.platform, consumer),
      command: { do: "read", kind: "stream", consumer },
      rounds: rounds(consumer === "openai" ? 41 : 25),
      measure: (result) => microseconds(result, SSE_CHUNKS),
    });
    addSection(
      stage,
      `CPU per chunk, ${SSE_CHUNKS} as fast as they come, read by ${READERS[consumer]}`,
      drawFigures(figures, "µs"),
    );
    if (consumer === "openai") addCpuTarget(stage, "as fast as it comes", figures);
  }
}

async function comparePace(stage: Stage): Promise<void> {
  const streams = 20;
  const figures = await compareWorkers(stage, {
    contenders: contendersOf(stage.platform, "openai"),
    command: { do: "read", kind: "paced", times: streams, atOnce: streams, consumer: "openai" },
    rounds: rounds(5),
    warmUp: 1,
    measure: (result) => microseconds(result, PACED_CHUNKS * streams),
  });
  addSection(
    stage,
    `CPU per chunk, ${streams} streams at once with a chunk each every ms, read by ${READERS.openai}`,
    drawFigures(figures, "µs"),
  );
  addCpuTarget(stage, "at a model's pace", figures);
}

function addCpuTarget(stage: Stage, how: string, figures: readonly Figures[]): void {
  addTarget(
    stage,
    `CPU with the official SDK, ${how}, at most 1.10 of raw`,
    describeRatio(figures),
    teespanOf(figures).quietRatio <= 1.1,
  );
}

/** No network, so hardly any noise. Those that trace `fetch` from below have nothing to trace. */
async function compareMemory(stage: Stage): Promise<void> {
  const figures = await compareWorkers(stage, {
    contenders: contendersOf(stage.platform, "openai").filter(({ way, reads }) =>
      reads || way === RAW.way || way === TEESPAN.way
    ),
    command: { do: "read", kind: "memory", consumer: "openai" },
    rounds: rounds(61),
    warmUp: 10,
    measure: (result) => microseconds(result, SSE_CHUNKS),
  });
  addSection(
    stage,
    `CPU per chunk, ${SSE_CHUNKS} out of memory, read by ${READERS.openai}`,
    drawTable(
      ["", "µs, quiet", "above raw, quiet", "against raw, median"],
      figures.map(({ contender, quiet, ratio }, index) => [
        contender.name,
        quiet.toFixed(2),
        (quiet - figures[0]!.quiet).toFixed(2),
        index === 0 ? "1" : formatSpread(ratio),
      ]),
    ),
  );
  const above = ({ quiet }: Figures): number => quiet - figures[0]!.quiet;
  const cheapest = figures.filter(({ contender }) => contender.reads).reduce((a, b) =>
    above(a) < above(b) ? a : b
  );
  const ours = above(teespanOf(figures));
  addTarget(
    stage,
    "CPU below every peer that reads ids or usage",
    `${ours.toFixed(2)} µs a chunk above raw; the cheapest is ${cheapest.contender.name} with ${
      above(cheapest).toFixed(2)
    }`,
    ours < above(cheapest),
  );
}

async function compareLengths(stage: Stage): Promise<void> {
  const kinds = [["tenth", SSE_CHUNKS / 10, 20], ["stream", SSE_CHUNKS, 2], [
    "tenfold",
    SSE_CHUNKS * 10,
    1,
  ]] as const;
  const rows: string[][] = [];
  const above: number[] = [];
  for (const [kind, length, times] of kinds) {
    const figures = await compareWorkers(stage, {
      contenders: [RAW, TEESPAN],
      command: { do: "read", kind, times, consumer: "openai" },
      rounds: rounds(11),
      measure: (result) => microseconds(result, length * times),
    });
    const [raw, ours] = figures as [Figures, Figures];
    above.push(ours.quiet - raw.quiet);
    rows.push([
      String(length),
      formatNumber(raw.quiet),
      formatNumber(ours.quiet),
      above.at(-1)!.toFixed(2),
    ]);
  }
  addSection(
    stage,
    "CPU per chunk by the stream's length, read by the official SDK",
    drawTable(["chunks", "raw, µs", "Teespan, µs", "ours, µs"], rows),
  );
  // a short stream has fewer chunks to carry its one call
  addTarget(
    stage,
    "cost per chunk flat in the stream's length",
    `${above[1]!.toFixed(2)} µs at ${SSE_CHUNKS} chunks, ${above[2]!.toFixed(2)} µs at ${SSE_CHUNKS * 10}`,
    above[2]! <= above[1]! + 0.5,
  );
}

async function compareCalls(stage: Stage): Promise<void> {
  const calls = 100;
  const figures = await compareWorkers(stage, {
    contenders: contendersOf(stage.platform, "openai"),
    command: { do: "read", kind: "short", times: calls, consumer: "openai" },
    rounds: rounds(11),
    measure: (result) => measureSpread(result.firstMs!).median * 1000,
  });
  addSection(
    stage,
    "Time to the first chunk of a call on loopback, by the official SDK",
    drawTable(
      ["", "µs, quiet", "above raw, quiet", "above raw, median"],
      figures.map(({ contender, quiet, difference: { median, low, high } }, index) => [
        contender.name,
        formatNumber(quiet),
        (quiet - figures[0]!.quiet).toFixed(0),
        index === 0 ? "0" : `${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`,
      ]),
    ),
  );
}

/** Breaks off several calls, one after the other; one if that is not seen. */
async function cancelSome(stage: Stage, contender: Contender, consumer: ConsumerName): Promise<Result[]> {
  const worker = startContender(stage, contender);
  const results: Result[] = [];
  await worker.run({ do: "read", kind: "short", times: 20, consumer });
  for (let times = 0; times < 10; times++) {
    const result = await worker.run({ do: "cancel", kind: "drip", id: crypto.randomUUID(), consumer });
    results.push(result);
    if (result.firstMs![0]! < 0) break;
  }
  await worker.stop();
  return results;
}

async function comparePauses(stage: Stage): Promise<void> {
  const megabyte = 1024 * 1024;
  const pauses = new Map<string, Pause[]>();
  const pushed: Record<string, number> = {};
  const rows: string[][] = [];
  for (const consumer of ["openai", "fetch"] as const) {
    for (const contender of contendersOf(stage.platform, consumer)) {
      const key = `${contender.name}, ${consumer}`;
      const costs: Pause[] = [];
      const cancels: Result[] = [];
      for (let round = 0; round < rounds(2); round++) {
        const worker = startContender(stage, contender);
        costs.push(await measurePause(stage, worker, consumer));
        await worker.stop();
        cancels.push(...await cancelSome(stage, contender, consumer));
      }
      pauses.set(key, costs);
      pushed[key] = measureSpread(costs.map(({ pushedBytes }) => pushedBytes)).median / megabyte;
      const rss = measureSpread(costs.map(({ rssBytes }) => rssBytes)).median / megabyte;
      const ms = cancels.map(({ firstMs }) => firstMs![0]! < 0 ? Infinity : firstMs![0]!);
      const bytes = measureSpread(cancels.map(({ count }) => count!)).median;
      const quiet = quantile(ms, 0.1);
      rows.push([
        contender.name,
        consumer,
        pushed[key].toFixed(1),
        Math.max(0, rss).toFixed(0),
        quiet === Infinity ? "not in 1.5 s" : quiet.toFixed(1),
        bytes.toFixed(0),
      ]);
      if (contender.way !== TEESPAN.way) continue;
      const raw = rows.find(([name, reader]) => name === RAW.name && reader === consumer)!;
      const ratio = pushed[key] / pushed[`${RAW.name}, ${consumer}`]!;
      addTarget(
        stage,
        `read-ahead within 10 % of raw, read by ${consumer}`,
        `${pushed[key].toFixed(1)} MB, ${ratio.toFixed(2)} of raw`,
        ratio <= 1.1,
      );
      addTarget(
        stage,
        `a cancel seen within 10 % of raw, read by ${consumer}`,
        `${quiet.toFixed(1)} ms after, raw ${raw[4]} ms; ${bytes.toFixed(0)} more bytes, raw ${raw[5]}`,
        quiet <= Number(raw[4]) * 1.1,
      );
    }
  }
  addSection(
    stage,
    "A reader that pauses a second after the first chunk of 64 MB, and one that breaks off after its first chunk",
    drawTable(
      ["", "reader", "pushed, MB", "RSS growth, MB", "cancel seen after, ms, quiet", "bytes sent meanwhile"],
      rows,
    ),
  );
}

async function compareMany(stage: Stage): Promise<void> {
  const among = contendersOf(stage.platform, "openai");
  const crowd = 2_000;
  const byCount = new Map<number, Figures[]>();
  for (const [atOnce, calls] of [[1, 500], [100, 1_000], [crowd, crowd]] as const) {
    byCount.set(
      atOnce,
      await compareWorkers(stage, {
        contenders: among,
        command: { do: "read", kind: "short", times: calls, atOnce, consumer: "openai" },
        rounds: rounds(2),
        warmUp: 1,
        measure: (result) => microseconds(result, calls),
      }),
    );
  }
  const open = await compareFresh(stage, among, rounds(2), async (worker) => {
    const openSome = (count: number) =>
      worker.run({ do: "open", kind: "held", count, id: "held", consumer: "openai" });
    await worker.run({ do: "read", kind: "short", times: 200, atOnce: 50, consumer: "openai" });
    await openSome(100);
    const before = (await worker.run({ do: "heap" })).count!;
    await openSome(crowd);
    return ((await worker.run({ do: "heap" })).count! - before) / crowd;
  });
  const above = (atOnce: number, index: number): string => {
    const [raw, other] = [byCount.get(atOnce)![0]!.quiet, byCount.get(atOnce)![index]!.quiet];
    return `${other < raw ? "-" : "+"}${Math.abs(other - raw).toFixed(0)}`;
  };
  addSection(
    stage,
    `Calls at once: CPU of a call of 4 chunks, and heap of an open stream among ${crowd}`,
    drawTable(
      ["", "raw or above it, µs: 1", "100", "2,000", "heap, bytes", "above raw, bytes"],
      among.map(({ name }, index) => [
        name,
        ...[1, 100, crowd].map((atOnce) =>
          index === 0
            ? measureSpread(byCount.get(atOnce)![0]!.values).median.toFixed(0)
            : above(atOnce, index)
        ),
        measureSpread(open[index]!.values).median.toFixed(0),
        index === 0 ? "0" : open[index]!.difference.median.toFixed(0),
      ]),
    ),
  );
  const ours = [1, 100, crowd].map((atOnce) =>
    teespanOf(byCount.get(atOnce)!).quiet - byCount.get(atOnce)![0]!.quiet
  );
  addTarget(
    stage,
    "cost per attempt flat in the number of open ones",
    `${ours.map((value) => value.toFixed(0)).join(", ")} µs at 1, 100 and 2,000`,
    ours[2]! <= ours[0]! * 1.25,
  );
  const bytes = teespanOf(open).difference.median;
  addTarget(
    stage,
    "at most 4 KiB for an open attempt",
    `${bytes.toFixed(0)} bytes of heap above raw`,
    bytes <= 4096,
  );
}

async function compareExports(stage: Stage): Promise<void> {
  const calls = 10_000;
  const rows: string[][] = [];
  for (const contender of contendersOf(stage.platform, "openai")) {
    const worker = startContender(stage, contender);
    await worker.run({ do: "read", kind: "short", times: 200, atOnce: 50, consumer: "openai" });
    await worker.run({ do: "flush" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    stage.collector.take();
    const read = await worker.run({
      do: "read",
      kind: "short",
      times: calls,
      atOnce: 100,
      consumer: "openai",
    });
    const flushed = await worker.run({ do: "flush" });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const spans = stage.collector.take().length;
    rows.push([
      contender.name,
      String(spans),
      formatNumber((read.cpuMs + flushed.cpuMs) * 1000 / calls),
      formatNumber(flushed.ms),
    ]);
    if (contender.way === TEESPAN.way) {
      addTarget(stage, `${calls} calls, ${calls} spans`, `${spans} came`, spans === calls);
    }
    await worker.stop();
  }
  addSection(
    stage,
    `${calls} calls, 100 at once: spans that came, CPU of call and export`,
    drawTable(["", "spans", "CPU, µs per call", "last flush, ms"], rows),
  );
}

async function compareSockets(stage: Stage): Promise<void> {
  const among = contendersOf(stage.platform).filter(({ way }) => [RAW.way, TEESPAN.way].includes(way));
  for (const [what, path] of [["bytes", "/v1/speak"], ["base64 in JSON", "/tts/websocket"]] as const) {
    const figures = await compareWorkers(stage, {
      contenders: among,
      command: { do: "socket", path },
      rounds: rounds(21),
      measure: (result) => result.cpuMs * 1000 / SOCKET_FRAMES,
    });
    addSection(
      stage,
      `CPU per frame of a socket: ${SOCKET_FRAMES} frames of speech, 640 bytes each, as ${what}`,
      drawFigures(figures, "µs"),
    );
    addTarget(
      stage,
      `a socket's frame at most 1.05 of raw, ${what}`,
      describeRatio(figures),
      teespanOf(figures).quietRatio <= 1.05,
    );
  }
}

async function compareImports(stage: Stage): Promise<void> {
  const among = contendersOf(stage.platform).filter(({ name }) => name !== "raw, once more");
  const figures = await compareFresh(
    stage,
    among,
    rounds(7),
    async (worker) => (await worker.run({ do: "import" })).count!,
  );
  const rows: string[][] = [];
  for (const { contender, quiet } of figures) {
    rows.push([contender.name, quiet.toFixed(0), await measureBundle(contender.way)]);
  }
  addSection(
    stage,
    "Import and start, and bundle, with the SDK and exporter that each needs",
    drawTable(["", "ms, quiet", "minified and compressed, KB"], rows),
  );
}

async function measureBundle(way: string): Promise<string> {
  const out = `${BUILT}/peer.mjs`;
  const externals = ["openai", "ai", "node:*"].map((name) => `--external:${name}`);
  // the modules that bundlers for the edge take, not those of CommonJS
  const fields = "--main-fields=module,main";
  const flags = ["--bundle", "--minify", "--format=esm", "--platform=node", fields, "--log-level=silent"];
  try {
    await run(binaries.esbuild, [
      `ways/${way}.mjs`,
      ...flags,
      ...externals,
      `--outfile=${out}`,
      "--allow-overwrite",
    ], PEERS);
    return (gzipSync(await Deno.readFile(out), { level: 9 }).length / 1000).toFixed(1);
  } catch {
    return "does not bundle";
  }
}

/** Where all is compared; what contexts cost each promise has changed since Node 22, so memory is read there too. */
const PLATFORMS = ["deno, packages", "node 24"] as const;

/** Parts by their names, which may be given to run some only. */
const parts: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  records: compareRecords,
  cpu: compareCpu,
  pace: comparePace,
  memory: compareMemory,
  lengths: compareLengths,
  first: compareCalls,
  pauses: comparePauses,
  many: compareMany,
  exports: compareExports,
  sockets: compareSockets,
  imports: compareImports,
};

async function readVersions(): Promise<string[]> {
  const { dependencies } = JSON.parse(await Deno.readTextFile(`${PEERS}package.json`));
  const node = (await run(binaries["node 24"], ["--version"], FOLDER)).trim().replace("v", "Node ");
  const named = Object.entries(dependencies).filter(([name]) =>
    name === "openai" || name === "ai" || contenders.some((contender) => contender.name === name)
  );
  return [node, ...named.map(([name, version]) => `\`${name}\` ${version}`)];
}

await installPacked();
await installPacked(PEERS);
const wanted = Deno.args.filter((arg) => !arg.startsWith("-"));
const server = await startServer();
const collector: Collector = startCollector();
try {
  for (const [name, compare] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    sections = [];
    targets = [];
    for (const platform of name === "memory" ? [...PLATFORMS, "node 22"] as const : PLATFORMS) {
      await compare({ platform, origin: server.origin, collector });
    }
    if (targets.length > 0) {
      sections.push(drawTable(["target", "measured", ""], targets));
      console.log(`${sections.at(-1)}\n`);
    }
    if (Deno.args.includes("--write")) await writeResults(`peers, ${name}`, sections, await readVersions());
  }
} finally {
  await server.stop();
  await collector.stop();
}

import process from "node:process";
import { parseArgs } from "node:util";
import { VERSION } from "../version.ts";
import type { ViewerOptions } from "./options.ts";
import { startViewer, type Viewer } from "./viewer.ts";

/** What the command line asks for. */
export type Command = { readonly start: ViewerOptions } | { readonly print: string };

const HELP = `Teespan viewer: see what an agent's calls did, as they happen.

  deno run --allow-net=127.0.0.1:4318 jsr:@teespan/teespan/viewer [options]

  --port <number>           port to listen on (4318, where OTLP is sent by default)
  --host <address>          address to listen on (127.0.0.1). Any other than loopback lets everyone who
                            reaches this machine read what is kept here, and send more
  --db <file>               keep traces in this SQLite file, to have them after a restart; needs
                            --allow-read and --allow-write for it (default: in memory)
  --max-spans <number>      spans kept at most; the oldest traces go first (100000)
  --max-megabytes <number>  what all may take (256)
  --help, --version

Point an agent at it:

  export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
`;

/**
 * Reads a command line.
 *
 * @throws {TypeError} when an option is unknown or has no number where one is wanted
 */
export function readCommand(args: readonly string[]): Command {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      "port": text,
      "host": text,
      "db": text,
      "max-spans": text,
      "max-megabytes": text,
      "help": { ...flag, short: "h" },
      "version": flag,
    },
  });
  if (values.help) return { print: HELP };
  if (values.version) return { print: `${VERSION}\n` };
  return {
    start: {
      port: number("--port", values.port),
      hostname: values.host,
      db: values.db,
      maxSpans: number("--max-spans", values["max-spans"]),
      maxMegabytes: number("--max-megabytes", values["max-megabytes"]),
    },
  };
}

/** Runs the viewer as a program, until it is interrupted. */
export async function runViewer(): Promise<void> {
  let viewer: Viewer;
  try {
    const command = readCommand(process.argv.slice(2));
    if ("print" in command) return void process.stdout.write(command.print);
    viewer = await startViewer(command.start);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
    return;
  }
  console.log(greeting(viewer));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void viewer.close().then(() => process.exit(0)));
  }
}

function greeting({ url, port, loopback }: Viewer): string {
  const lines = [
    `Teespan viewer  ${loopback ? url : `http://127.0.0.1:${port}`}`,
    "",
    "Point an agent at it:",
    `  export OTEL_EXPORTER_OTLP_ENDPOINT=${loopback ? url : `http://<this machine>:${port}`}`,
  ];
  if (!loopback) {
    lines.push(
      "",
      `Open to others: it listens on ${url}. Everyone who reaches this machine can read the traces kept`,
      "here, captured content included, and send more. There is no password. Use it on networks you trust.",
    );
  }
  return lines.join("\n");
}

function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isNaN(value)) {
    throw new TypeError(`Cannot start the viewer as ${option} must be a number: current value is ${text}`);
  }
  return value;
}

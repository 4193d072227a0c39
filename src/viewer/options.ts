/** How a viewer is started. */
export interface ViewerOptions {
  /**
   * Port to listen on; 0 takes any free one.
   *
   * @default {4318}
   */
  readonly port?: number | undefined;
  /**
   * Address to listen on. Any but a loopback address opens the viewer, and all that it holds, to everyone who can reach
   * this machine.
   *
   * @default {"127.0.0.1"}
   */
  readonly hostname?: string | undefined;
  /**
   * File in which traces are kept, a database of SQLite; a new one is readable by its owner alone.
   *
   * @default none: they are kept in memory, and gone when the viewer ends
   */
  readonly db?: string | undefined;
  /**
   * Spans kept at most. Beyond, the oldest traces go first.
   *
   * @default {100000}
   */
  readonly maxSpans?: number | undefined;
  /**
   * Points of metrics kept at most.
   *
   * @default {50000}
   */
  readonly maxPoints?: number | undefined;
  /**
   * What spans and points may take in all, in megabytes.
   *
   * @default {256}
   */
  readonly maxMegabytes?: number | undefined;
  /**
   * What one export request may measure, decompressed, in bytes.
   *
   * @default {16777216}
   */
  readonly maxBodyBytes?: number | undefined;
}

type WithDefault = Omit<ViewerOptions, "db">;

/** Options, complete and checked. */
export interface ViewerSettings
  extends Readonly<{ [K in keyof WithDefault]-?: NonNullable<WithDefault[K]> }> {
  readonly db: string | undefined;
  /** Whether nobody but this machine reaches it. */
  readonly loopback: boolean;
}

/**
 * Options with their defaults.
 *
 * @throws {TypeError} when one has the wrong shape
 * @throws {RangeError} when one is out of bounds
 */
export function resolveOptions(options: ViewerOptions): ViewerSettings {
  const { port = 4318, hostname = "127.0.0.1", db } = options;
  const { maxSpans = 100_000, maxPoints = 50_000, maxMegabytes = 256, maxBodyBytes = 16 * 1024 * 1024 } =
    options;
  whole("port", port, 0, 65535);
  whole("maxSpans", maxSpans, 1, 10_000_000);
  whole("maxPoints", maxPoints, 1, 10_000_000);
  whole("maxMegabytes", maxMegabytes, 1, 65_536);
  whole("maxBodyBytes", maxBodyBytes, 1024, 1024 * 1024 * 1024);
  text("hostname", hostname);
  if (db !== undefined) text("db", db);
  return {
    port,
    hostname,
    db,
    maxSpans,
    maxPoints,
    maxMegabytes,
    maxBodyBytes,
    loopback: isLoopback(hostname),
  };
}

/** Whether a host's name can only mean the machine itself. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" ||
    /^127(?:\.\d{1,3}){3}$/.test(name);
}

function whole(name: string, value: unknown, least: number, most: number): void {
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot start the viewer as ${name} must be a number: current value is ${shown(value)}`,
    );
  }
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(
      `Cannot start the viewer as ${name} must be an integer between ${least} and ${most}: current value is ${value}`,
    );
  }
}

function text(name: string, value: unknown): void {
  if (typeof value !== "string" || value.trim() === "") {
    throw new TypeError(
      `Cannot start the viewer as ${name} must be a text that is not empty: current value is ${shown(value)}`,
    );
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** What a case of the suite is given: the library under test, and a provider, a collector and a control on loopback. */

import type { agentTelemetry } from "@teespan/teespan/hono";
import type { providers, startTelemetry, Telemetry, TelemetryOptions } from "@teespan/teespan";
import type { Hono } from "hono";
import type { Servers } from "../../conformance/judged.ts";
import { toyProvider } from "../../support/toy_format.ts";

/** The library under test, as it was packed, and Hono. */
export interface Library {
  readonly startTelemetry: typeof startTelemetry;
  readonly providers: typeof providers;
  readonly agentTelemetry: typeof agentTelemetry;
  readonly Hono: typeof Hono;
}

/** What the suite uses of `node:assert/strict`. */
export interface Assert {
  ok(value: unknown, message?: string): void;
  equal(actual: unknown, expected: unknown, message?: string): void;
  deepEqual(actual: unknown, expected: unknown, message?: string): void;
  rejects(
    promise: Promise<unknown>,
    isExpected: (error: unknown) => boolean,
  ): Promise<void>;
}

/** Where things are. Plain data, so that it reaches every runtime. */
export interface Addresses {
  /** The runtime's name. */
  readonly runtime: string;
  readonly provider: string;
  readonly sockets: string;
  readonly collector: string;
  readonly control: string;
  /** The servers of the cases of conformance. */
  readonly answers: Servers;
}

/** A span as the collector decoded it. */
export interface SeenSpan {
  readonly name: string;
  readonly kind: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly status: { readonly code: string };
  readonly durationSeconds: number;
}

/** A request as the provider saw it. */
export interface SeenCall {
  readonly outcome: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What one case is given. */
export interface World {
  readonly library: Library;
  readonly assert: Assert;
  readonly addresses: Addresses;
  /** The service's name, and what marks the case's calls. */
  readonly service: string;
  /** The URL of a provider's call that is answered as `scenario` says. */
  url(scenario: string): string;
  /** `fetch`, as the platform has it, that leads to the emulated provider. */
  readonly fetch: typeof globalThis.fetch;
  /** The platform's `WebSocket`, likewise. */
  readonly WebSocket: typeof globalThis.WebSocket;
  /** Starts telemetry on all that; it is shut down after the case. */
  start(options?: TelemetryOptions): Telemetry;
  /** Options like those. */
  options(options?: TelemetryOptions): TelemetryOptions;
  /** Waits until the collector has so many spans of this case. */
  spans(count: number): Promise<readonly SeenSpan[]>;
  /** The names of metrics that the collector has of this case. */
  metrics(): Promise<readonly string[]>;
  /** Waits until the provider's answer to this case has ended. */
  call(): Promise<SeenCall>;
  /** The headers with which this case's socket was opened. */
  handshake(): Promise<Readonly<Record<string, string>>>;
}

/** One case. */
export interface Case {
  readonly name: string;
  /** The runtimes that have what it is about; all unless given. */
  readonly only?: readonly string[];
  run(world: World): Promise<void>;
}

/** A call of the emulated provider. */
export const CALL = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "gpt-5-mini", stream: true, messages: [] }),
};

/** Runs a case to its end; gives what went wrong. */
export async function runCase(
  { name, run }: Case,
  library: Library,
  assert: Assert,
  addresses: Addresses,
): Promise<string | undefined> {
  const started: Telemetry[] = [];
  const troubles: unknown[] = [];
  try {
    await run(createWorld(name, library, assert, addresses, started, troubles));
    // what a handler throws is dropped
    return troubles.length > 0 ? `Trouble inside the library: ${troubles.join("; ")}` : undefined;
  } catch (error) {
    return error instanceof Error ? `${error.stack ?? ""}\n${error.message}` : String(error);
  } finally {
    for (const telemetry of started) await telemetry.shutdown();
  }
}

function createWorld(
  name: string,
  library: Library,
  assert: Assert,
  addresses: Addresses,
  started: Telemetry[],
  troubles: unknown[],
): World {
  const service = `${addresses.runtime}: ${name}`;
  const mark = encodeURIComponent(service);
  const ask = async <T>(what: string): Promise<T> => {
    const response = await globalThis.fetch(
      `${addresses.control}/${what}&service=${mark}`,
    );
    if (!response.ok) throw new Error(await response.text());
    return await response.json() as T;
  };
  const redirect = ((input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const { pathname, search } = new URL(String(input));
    return globalThis.fetch(
      `${addresses.provider}${pathname}${search}`,
      init,
    );
  }) as typeof globalThis.fetch;
  const options = (more: TelemetryOptions = {}): TelemetryOptions => ({
    serviceName: service,
    endpoint: addresses.collector,
    env: {},
    register: false,
    exportIntervalMs: false,
    metricIntervalMs: false,
    fetch: redirect,
    WebSocket: redirectSockets(addresses.sockets, mark),
    onError: (error, stage) => void troubles.push(`${stage}: ${error}`),
    ...more,
  });
  return {
    library,
    assert,
    addresses,
    service,
    url: (scenario) => `https://api.openai.com/v1/chat/completions?scenario=${scenario}&service=${mark}`,
    fetch: redirect,
    get WebSocket() {
      return redirectSockets(addresses.sockets, mark);
    },
    options,
    start(more) {
      const telemetry = library.startTelemetry(options(more));
      started.push(telemetry);
      return telemetry;
    },
    spans: (count) => ask(`spans?count=${count}`),
    metrics: () => ask("metrics?"),
    call: () => ask("call?"),
    handshake: () => ask("handshake?"),
  };
}

/** The toy's row. */
export const toy = toyProvider();

/** A subclass that leads to the emulator, whatever is asked for. */
function redirectSockets(
  sockets: string,
  mark: string,
): typeof globalThis.WebSocket {
  const Platform = globalThis.WebSocket;
  if (Platform === undefined) return Platform;
  return class extends Platform {
    constructor(...all: ConstructorParameters<typeof globalThis.WebSocket>) {
      const url = new URL(all[0]);
      url.searchParams.set("service", decodeURIComponent(mark));
      all[0] = `${sockets}${url.pathname}${url.search}`;
      super(...all);
    }
  };
}

/** What stands around a runtime under test: collector, provider and control, all in this process. */

import {
  type EmulatedConnection,
  type Emulator,
  type Receiver,
  type SocketEmulator,
  startEmulator,
  startSocketEmulator,
} from "../../../src/testing/mod.ts";
import { startReceiver } from "../../support/strict_receiver.ts";
import { startAnswers } from "../../conformance/answers.ts";
import { speak } from "../../support/toy_socket.ts";
import type { Addresses, SeenCall } from "../suite/world.ts";
import { answer } from "./provider.ts";

/** A result that a page reports. */
export interface PageResult {
  readonly name?: string;
  readonly error?: string;
}

/** Everything a runtime calls. */
export interface Stage extends AsyncDisposable {
  /** The collector. */
  readonly receiver: Receiver;
  /** Where it is, for that runtime. */
  addresses(runtime: string): Addresses;
  /** Serves a page whose script that is, and gives its address and its results, until it says that it is done. */
  page(
    runtime: string,
    script: Uint8Array<ArrayBuffer>,
  ): { readonly url: string; readonly results: Promise<PageResult[]> };
}

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
};

/** Starts all that. */
export async function openStage(): Promise<Stage> {
  const receiver = await startReceiver();
  const provider = await startEmulator({ respond: answer });
  const sockets = await startSocketEmulator({
    serve: speak,
    handshake: ({ path }) => ({
      status: path.includes("refuse=1") ? 403 : 101,
    }),
  });
  const answers = await startAnswers();
  let page: {
    readonly runtime: string;
    readonly script: BodyInit;
    report(result: PageResult): void;
  } | undefined;

  const control = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const service = searchParams.get("service") ?? "";
      switch (pathname) {
        case "/spans":
          return await tell(() => spansOf(receiver, service, Number(searchParams.get("count"))));
        case "/metrics":
          return await tell(() => metricsOf(receiver, service));
        case "/call":
          return await tell(() => callOf(provider, service));
        case "/handshake":
          return await tell(() => connectionOf(sockets, service).headers);
        case "/addresses":
          return Response.json(addresses(page!.runtime));
        case "/script.js":
          return new Response(page!.script, {
            headers: { "content-type": "text/javascript" },
          });
        case "/result":
          page!.report(await request.json());
          return new Response();
        default:
          return new Response(
            '<!doctype html><script type="module" src="/script.js"></script>',
            {
              headers: { "content-type": "text/html" },
            },
          );
      }
    },
  );
  const url = `http://127.0.0.1:${control.addr.port}`;
  const addresses = (runtime: string): Addresses => ({
    runtime,
    provider: provider.url,
    sockets: sockets.url,
    collector: receiver.url,
    control: url,
    answers: { calls: answers.calls, sockets: answers.sockets },
  });
  return {
    receiver,
    addresses,
    page(runtime, script) {
      const { promise: results, resolve } = Promise.withResolvers<
        PageResult[]
      >();
      const reported: PageResult[] = [];
      page = {
        runtime,
        script,
        report: (result) => void (result.name === undefined ? resolve(reported) : reported.push(result)),
      };
      return { url, results };
    },
    async [Symbol.asyncDispose]() {
      await control.shutdown();
      await Promise.all([
        receiver.close(),
        provider.close(),
        sockets.close(),
        answers[Symbol.asyncDispose](),
      ]);
    },
  };
}

/** Answers the suite, or says what is not there. */
async function tell(work: () => unknown): Promise<Response> {
  try {
    const text = JSON.stringify(
      await work(),
      (_key, value) => typeof value === "bigint" ? String(value) : value,
    );
    return new Response(text, { headers: CORS });
  } catch (error) {
    return new Response(String(error), { status: 404, headers: CORS });
  }
}

async function spansOf(
  receiver: Receiver,
  service: string,
  count: number,
): Promise<unknown> {
  const own = () => receiver.spans.filter(({ resource }) => resource["service.name"] === service);
  await receiver.waitForSpans(() => own().length >= count);
  if (receiver.rejected > 0) {
    throw new Error("The collector was sent what is no OTLP");
  }
  return own();
}

function metricsOf(receiver: Receiver, service: string): string[] {
  return receiver.metrics.filter(({ resource }) => resource["service.name"] === service).map(({ name }) =>
    name
  );
}

async function callOf(provider: Emulator, service: string): Promise<SeenCall> {
  const call = provider.requests.findLast(({ path, method }) =>
    method !== "OPTIONS" &&
    new URL(path, provider.url).searchParams.get("service") === service
  );
  if (call === undefined) {
    throw new Error(`The provider saw no call of ${service}`);
  }
  await call.ended;
  const { outcome, headers } = call;
  return { outcome, headers };
}

function connectionOf(
  { connections, url }: SocketEmulator,
  service: string,
): EmulatedConnection {
  const found = connections.findLast(({ path }) =>
    new URL(path, url).searchParams.get("service") === service
  );
  if (found === undefined) {
    throw new Error(`No socket was opened by ${service}`);
  }
  return found;
}

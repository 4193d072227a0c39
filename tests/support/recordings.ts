/**
 * Responses of real providers that others recorded, with the truth about each. They are not part of the project:
 * tests read them where they lie beside it, or where `TEESPAN_RECORDINGS` says.
 */

import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";

/** What is true of one exchange, in the provider's own numbers. */
export interface Truth {
  readonly format: string;
  readonly status?: number;
  readonly framing?: string;
  readonly end?: string;
  readonly request_model?: string;
  readonly response_ids?: readonly string[];
  readonly models?: readonly string[];
  // deno-lint-ignore no-explicit-any -- the provider's own shapes
  readonly usage?: any;
  // deno-lint-ignore no-explicit-any -- Bedrock's count beside the vendor's
  readonly invocationMetrics?: any;
  readonly finish?:
    readonly (string | number | null | { readonly choice: number; readonly reason: string })[];
  readonly response_status?: string;
  readonly incomplete_reason?: string;
  readonly block_reason?: string;
  readonly error?: unknown;
  readonly first_text_event?: number;
  readonly first_tool_event?: number;
  readonly first_reasoning_event?: number;
}

/** One recorded exchange over HTTP. */
export interface Recording {
  /** File and index. */
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Lengths of the transport chunks as they arrived, where known. */
  readonly chunkBytes?: readonly number[];
  readonly truth: Truth;
}

/** What is true of one recorded socket, in the provider's own numbers. */
export interface SocketTruth {
  readonly session_ids: readonly string[];
  readonly models: readonly string[];
  readonly response_ids: readonly string[];
  readonly response_statuses: readonly string[];
  // deno-lint-ignore no-explicit-any -- the provider's own shapes
  readonly usage: readonly any[];
}

/** One recorded socket. */
export interface SocketRecording {
  /** File and index. */
  readonly name: string;
  readonly messages: readonly { readonly direction: "sent" | "received"; readonly data: unknown }[];
  readonly truth: SocketTruth;
}

interface WireExchange {
  readonly kind: string;
  readonly messages?: SocketRecording["messages"];
  readonly request: { readonly method: string; readonly url: string; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly body?: string;
    readonly body_base64?: string;
    readonly chunk_bytes?: readonly number[];
  };
}

const folder = recordingsFolder();

/** All recordings over HTTP; none where the folder is not there. */
export const recordings: readonly Recording[] = folder === undefined
  ? []
  : readAll(folder, "http", recording);

/** All recordings of sockets. */
export const socketRecordings: readonly SocketRecording[] = folder === undefined
  ? []
  : readAll<SocketTruth, SocketRecording>(
    folder,
    "websocket",
    (name, { messages = [] }, truth) => ({ name, messages, truth }),
  );

function recordingsFolder(): URL | undefined {
  const named = Deno.env.get("TEESPAN_RECORDINGS");
  const url = named === undefined
    ? new URL("../../../shared/recordings/", import.meta.url)
    : pathToFileURL(`${isAbsolute(named) ? named : `${Deno.cwd()}/${named}`}/`);
  try {
    return Deno.statSync(new URL("truth.json", url)).isFile ? url : undefined;
  } catch {
    return undefined;
  }
}

function readAll<T, R>(
  folder: URL,
  kind: string,
  take: (name: string, exchange: WireExchange, truth: T) => R,
): R[] {
  const read = (file: string) => JSON.parse(Deno.readTextFileSync(new URL(file, folder)));
  const truths = read("truth.json") as Record<string, { wire: string | null; exchanges: T[] }>;
  return Object.entries(truths).flatMap(([file, { wire, exchanges: known }]) => {
    if (wire === null) return [];
    const { exchanges } = read(wire) as { exchanges: WireExchange[] };
    return exchanges.flatMap((exchange, index) =>
      exchange.kind === kind ? [take(`${file} [${index}]`, exchange, known[index]!)] : []
    );
  });
}

function recording(name: string, { request, response }: WireExchange, truth: Truth): Recording {
  const { body, body_base64, chunk_bytes } = response;
  return {
    name,
    url: request.url,
    method: request.method,
    requestBody: request.body,
    status: response.status,
    headers: new Headers(response.headers),
    body: body_base64 === undefined
      ? new TextEncoder().encode(body ?? "")
      : Uint8Array.fromBase64(body_base64),
    ...chunk_bytes && { chunkBytes: chunk_bytes },
    truth,
  };
}

/**
 * The vocabulary between bytes and telemetry: what a provider is, what a format reads, what a sink takes.
 * Types only; nothing here knows OpenTelemetry.
 *
 * @module
 */

import type { ContentSink } from "./content.ts";
import type { Facts, Operation } from "./facts.ts";
import type { KnownProviderName } from "./provider_name.ts";
import type { Sink, SocketSinks } from "./sinks.ts";

export type { KnownProviderName } from "./provider_name.ts";
export type { Facts, Failure, Operation, OutputKind, RequestIdKind } from "./facts.ts";
export type {
  AskedSink,
  ContentSink,
  MediaPart,
  Message,
  MessagePart,
  Prompt,
  SinglePrompt,
  StandingPrompt,
  TextPart,
  ToolCallPart,
  ToolCallPiece,
  ToolCallResponsePart,
} from "./content.ts";
export type { EndOfTurn, Sink, SocketSinks, SpeechMoment, Transcript, TurnSink } from "./sinks.ts";

/** Takes the pieces of one body, of any size, as they arrive. Keeps nothing of a piece beyond the call but copies. */
export interface Reader {
  /** The next bytes. */
  push(chunk: Uint8Array): void;
  /** The body ended where it should. */
  end(): void;
}

/** Header look-up, as `Headers` has it. */
export interface HeaderLookup {
  /** The header's value, or `null`. */
  get(name: string): string | null;
}

/** A request as formats see it. */
export interface CallRequest {
  /** Where it goes. */
  readonly url: URL;
  /** Its headers. */
  readonly headers: HeaderLookup;
  /** Its body parsed as JSON; `undefined` when it is a stream, no JSON or very large. */
  readonly json: unknown;
  /** The texts of its form, where it is one: the fields of an upload, without its files. */
  readonly form?: HeaderLookup | undefined;
  /** Its body, where that is short text and no JSON. */
  readonly text?: string | undefined;
  /** A copy of its body, where that is few bytes and no JSON. */
  readonly bytes?: Uint8Array | undefined;
}

/** A response as formats see it, when its headers are there. */
export interface CallResponse {
  /** HTTP status. */
  readonly status: number;
  /** Its headers. */
  readonly headers: HeaderLookup;
}

/** How the bytes of one wire protocol over HTTP are read. Knows neither providers nor spans. */
export interface HttpFormat {
  /** The format's name, as its file has it. */
  readonly name: string;
  /** What the request says. */
  request(request: CallRequest): Facts;
  /**
   * Tells the words of the request. Asked only where somebody wants them.
   *
   * @default of LLMs what is asked, as the usual dialects have it; of others nothing
   */
  words?(request: CallRequest, content: ContentSink): void;
  /** Opens a reader for one response, of whatever status. The request is at hand where it was made over HTTP. */
  read(response: CallResponse, sink: Sink, request?: CallRequest): Reader;
}

/** Takes the JSON values of one answer: the events of a stream, or the one document. */
export interface Answer {
  /**
   * The next event, or `undefined` where one could not be parsed.
   *
   * @returns whether it said anything new; another one that differs only in its words then needs no parsing
   */
  event(json: unknown): boolean;
  /** The whole document, of whatever status. */
  document(json: unknown): void;
  /** The stream of events ended where the body did. */
  end(): void;
}

/** A format whose pieces are JSON, whatever frames them. */
export interface JsonFormat extends HttpFormat {
  /** Opens an answer without its framing, for formats that carry another inside. */
  open(sink: Sink): Answer;
}

/** A frame of a socket: text, bytes, or where the bytes are a `Blob` only their number. */
export type Frame = string | Uint8Array | { readonly size: number };

/** A connection, as a socket format sees it. */
export interface SocketRequest {
  /** Where it goes. */
  readonly url: URL;
  /** Headers of its handshake that the caller gave, where the socket takes any. */
  readonly headers: HeaderLookup;
}

/** Told what goes over one socket, in order. */
export interface SocketReader {
  /** A frame was handed to the socket. */
  sent(frame: Frame): void;
  /** A frame came. */
  received(frame: Frame): void;
  /** The socket closed. Attempts that are open after this are ended: as cancelled when the caller closed it. */
  closed?(code: number): void;
}

/** How the frames of one protocol over a socket are read. Knows neither providers nor spans. */
export interface SocketFormat {
  /** The format's name, as its file has it. */
  readonly name: string;
  /**
   * Whether frames that come as a `Blob` must be read, because they hold more than audio. A `Blob` can only be read
   * later: its frame, and those after it, are then shown when it was.
   *
   * @default false: their size is enough
   */
  readonly readsBlobs?: boolean | undefined;
  /** Opens a reader for one connection. */
  open(request: SocketRequest, sinks: SocketSinks): SocketReader;
}

/** A socket of a provider that is recognized. */
export interface SocketRoute {
  /** The end of the path, as {@linkcode Route.path}. */
  readonly path: string;
  /** Values of the query that tell it from others with the same path. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** What goes over it. */
  readonly operation: Operation;
  /** How its frames are read. */
  readonly format: SocketFormat;
}

/** A call of a provider that is recognized. */
export interface Route {
  /** HTTP method. */
  readonly method: "GET" | "POST";
  /**
   * The end of the path, whole segments: `/chat/completions` fits `/v1/chat/completions`. A `*` stands for any
   * characters but `/`, `**` for any.
   */
  readonly path: string;
  /** What the call does. */
  readonly operation: Operation;
  /** How its bytes are read. */
  readonly format: HttpFormat;
}

/** A provider's name: one that ships, or your own. */
export type ProviderName = KnownProviderName | (string & Record<never, never>);

/** A company or service: one row of data. */
export interface Provider {
  /** Its short name. */
  readonly name: ProviderName;
  /**
   * Its name in `gen_ai.provider.name`, where the convention has another word for it.
   *
   * @default the name
   */
  readonly genAiName?: string | undefined;
  /** Hosts, with the port where it is not the scheme's own. A `*` stands for any characters: `*.example.com`. */
  readonly hosts: readonly string[];
  /** The calls that are recognized; the first that fits wins. */
  readonly routes: readonly Route[];
  /** The sockets that are recognized; the first that fits wins. */
  readonly sockets?: readonly SocketRoute[] | undefined;
  /** Response headers that carry an id, the one that support asks for first. */
  readonly requestIdHeaders: readonly string[];
  /** Whether a stream ends with usage: always, only where the request asks for it, or never. */
  readonly streamedUsage: "always" | "when asked" | "never";
  /** The page that these facts are from. */
  readonly evidence: string;
  /** What they were checked with. */
  readonly verifiedBy: readonly Verification[];
}

/** What a provider's facts were checked with, beside its documentation. */
export type Verification = "official SDK" | "recordings" | "documentation only";

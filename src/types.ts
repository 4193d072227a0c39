/**
 * The vocabulary between bytes and telemetry: what a provider is, what a format reads, what a sink takes.
 * Types only; nothing here knows OpenTelemetry.
 *
 * @module
 */

import type { KnownProviderName } from "./provider_name.ts";

export type { KnownProviderName } from "./provider_name.ts";

/** What a call does. Each operation has its own attempt span. */
export type Operation = "llm" | "tts" | "stt" | "realtime";

/**
 * Where a provider-known id comes from: a `request` id (usually a response header, what support asks for), a
 * `trace` id, the id of the `response` object in the body, an id that the client made and the provider `echoed`, or
 * a `session` id.
 */
export type RequestIdKind = "request" | "trace" | "response" | "echoed" | "session";

/** What a piece of output is. `reasoning` is work that the user does not hear or see. */
export type OutputKind = "text" | "reasoning" | "refusal" | "tool" | "audio";

/**
 * What a format learned about one attempt. Flat plain data, all optional: what was not seen is absent, never zero
 * and never guessed. A later fact replaces an earlier one of the same name.
 */
export interface Facts {
  /** What the model was asked to do, in the words of `gen_ai.operation.name`: `chat`, `text_completion`, … */
  readonly operationName?: string | undefined;
  /** The model that was asked for. */
  readonly requestModel?: string | undefined;
  /** The model that answered. */
  readonly responseModel?: string | undefined;
  /** The id of the response object in the body. */
  readonly responseId?: string | undefined;
  /** Whether the answer was asked for as a stream. */
  readonly streamed?: boolean | undefined;
  /** Why the model stopped, one word for each choice, in the provider's words. */
  readonly finishReasons?: readonly string[] | undefined;
  /** All input tokens, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Input tokens read from a cache; part of {@linkcode inputTokens}. */
  readonly cachedInputTokens?: number | undefined;
  /** Input tokens written to a cache; part of {@linkcode inputTokens}. */
  readonly cacheWriteInputTokens?: number | undefined;
  /** Input tokens that were text, audio, images; parts of {@linkcode inputTokens}. */
  readonly textInputTokens?: number | undefined;
  /** See {@linkcode textInputTokens}. */
  readonly audioInputTokens?: number | undefined;
  /** See {@linkcode textInputTokens}. */
  readonly imageInputTokens?: number | undefined;
  /** All output tokens, reasoning included. */
  readonly outputTokens?: number | undefined;
  /** Output tokens spent on reasoning; part of {@linkcode outputTokens}. */
  readonly reasoningOutputTokens?: number | undefined;
  /** Output tokens that were text, audio, images; parts of {@linkcode outputTokens}. */
  readonly textOutputTokens?: number | undefined;
  /** See {@linkcode textOutputTokens}. */
  readonly audioOutputTokens?: number | undefined;
  /** See {@linkcode textOutputTokens}. */
  readonly imageOutputTokens?: number | undefined;
  /** Names of the tools that the model wants called by the application, one for each call, in order. */
  readonly toolCalls?: readonly string[] | undefined;
  /** Characters of text that were sent to be spoken, or as the provider counts them. */
  readonly characters?: number | undefined;
  /** Audio that came (speech synthesis) or was sent (recognition), in seconds. */
  readonly audioSeconds?: number | undefined;
  /** The tier that served the request. */
  readonly serviceTier?: string | undefined;
  /** How many tries the SDK says came before this one. */
  readonly retryCount?: number | undefined;
}

/** Why an attempt failed. Never a message: those quote prompts and keys. */
export interface Failure {
  /** A short class of failures, fit for grouping: `429`, `overloaded_error`, `TypeError`. */
  readonly type: string;
  /** The provider's own code, where it gives one beside the type. */
  readonly code?: string | undefined;
}

/** What takes the facts of one attempt. Telemetry implements it with a span, a test with a list. */
export interface Sink {
  /** Notes an id that the provider knows: it made it, or it was sent it. Empty and repeated ids are ignored. */
  noteRequestId(id: string, kind?: RequestIdKind): void;
  /** Notes a piece of output. The first one of a kind gives the time to first output. */
  output(kind: OutputKind): void;
  /** Notes facts; later ones replace earlier ones. */
  note(facts: Facts): void;
  /** Notes an error that the provider reported, in an error body or inside a stream that began well. */
  fail(failure: Failure): void;
  /** So many more characters were sent to be spoken. */
  addCharacters(characters: number): void;
  /** So much more audio came or was sent, in seconds. */
  addAudio(seconds: number): void;
  /** The provider's own end signal was read: nothing that matters comes after it. Ends the attempt. */
  complete(): void;
  /** The caller asked the provider to stop. Ends the attempt, marked. */
  cancel(): void;
  /** A frame was not understood, or was larger than the bound. */
  unread(): void;
}

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

/** Gives a socket format the sinks of the attempts on its connection. */
export interface SocketSinks {
  /** The sink of one context, segment or task: a new one, or the one that is open under that key. */
  begin(key: string): Sink;
  /** The sink that is open under that key. */
  find(key: string): Sink | undefined;
  /** All that are open, oldest first. */
  all(): readonly Sink[];
  /** Notes an id of the connection: it belongs to all attempts on it, those open and those to come. */
  noteConnectionId(id: string, kind?: RequestIdKind): void;
}

/** A connection, as a socket format sees it. */
export interface SocketRequest {
  /** Where it goes. */
  readonly url: URL;
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
  /** Opens a reader for one connection. */
  open(request: SocketRequest, sinks: SocketSinks): SocketReader;
}

/** A socket of a provider that is recognized. */
export interface SocketRoute {
  /** The end of the path, as {@linkcode Route.path}. */
  readonly path: string;
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

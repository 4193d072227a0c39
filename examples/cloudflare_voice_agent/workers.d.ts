/**
 * The part of Workers' platform that is used here. Projects of your own take `@cloudflare/workers-types` instead.
 *
 * @module
 */

/** What keeps a Worker alive until work is done. */
export interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void;
  passThroughOnException(): void;
  readonly props: unknown;
}

/** What a Durable Object has of the platform. */
export interface DurableObjectState {
  waitUntil(work: Promise<unknown>): void;
  /** Takes a socket whose messages go to `webSocketMessage()`, so that the object need not stay in memory. */
  acceptWebSocket(socket: HibernatableSocket): void;
  readonly storage: {
    get<T>(key: string): Promise<T | undefined>;
    put(key: string, value: unknown): Promise<void>;
    delete(key: string): Promise<boolean>;
  };
}

/** A socket that outlives the object in memory. */
export interface HibernatableSocket extends WebSocket {
  /** Keeps plain data beside the socket. */
  serializeAttachment(data: unknown): void;
  /** That data, after the object woke up, too. */
  deserializeAttachment(): unknown;
}

/** A Durable Object. */
export class DurableObject<Env = unknown> {
  protected readonly ctx: DurableObjectState;
  protected readonly env: Env;
  constructor(ctx: DurableObjectState, env: Env);
}

/** A Durable Object, as others see it: its methods are called by RPC. */
export type DurableObjectStub<T> =
  & {
    [Member in keyof T]: T[Member] extends (...all: infer A) => infer R ? (...all: A) => Promise<Awaited<R>>
      : never;
  }
  & { fetch(request: Request): Promise<Response> };

/** Durable Objects by name. */
export interface DurableObjectNamespace<T> {
  idFromName(name: string): unknown;
  get(id: unknown): DurableObjectStub<T>;
}

declare global {
  /** Both ends of a socket. */
  var WebSocketPair: new () => [client: WebSocket, server: HibernatableSocket];

  interface ResponseInit {
    /** The end of a socket that goes to the caller of an upgrade. */
    readonly webSocket?: WebSocket;
  }
}

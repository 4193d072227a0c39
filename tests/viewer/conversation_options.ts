/** How a conversation goes. */
export interface ConversationOptions {
  readonly seed: number;
  /** When it begins, in milliseconds since 1970. */
  readonly startMs: number;
  readonly turns: number;
  readonly conversationId?: string;
  /** Whether its root is sent too: a conversation that goes on has none yet. */
  readonly ended?: boolean;
  /** Turns, from 0, in which the LLM refuses the first try; in which the user barges in; in which a tool fails. */
  readonly refused?: readonly number[];
  readonly bargedIn?: readonly number[];
  readonly failedTool?: readonly number[];
}

/** What to look for later. */
export interface Conversation {
  readonly traceId: string;
  readonly conversationId: string;
  /** The first id of each attempt. */
  readonly requestIds: readonly string[];
  /** The first id of each attempt that was refused. */
  readonly refusedIds: readonly string[];
  /** End-to-end latency of each reply, in seconds. */
  readonly e2e: readonly number[];
}

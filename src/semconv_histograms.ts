/**
 * Every histogram that leaves the library, by what it measures, with its unit and where it comes from; see
 * `semconv.ts`. A module of constants, to be imported as `metric`.
 *
 * @module
 */

/** Doubling from 10 ms, as the GenAI conventions advise for durations in seconds. */
const DURATION_BOUNDARIES = [
  0.01,
  0.02,
  0.04,
  0.08,
  0.16,
  0.32,
  0.64,
  1.28,
  2.56,
  5.12,
  10.24,
  20.48,
  40.96,
  81.92,
];

/** Powers of four, as the GenAI conventions advise for tokens. */
const TOKEN_BOUNDARIES = [
  1,
  4,
  16,
  64,
  256,
  1024,
  4096,
  16384,
  65536,
  262144,
  1048576,
  4194304,
  16777216,
  67108864,
];

/** Fit for what people wait in a conversation. */
const TURN_BOUNDARIES = [
  0.05,
  0.1,
  0.15,
  0.2,
  0.25,
  0.3,
  0.4,
  0.5,
  0.6,
  0.7,
  0.8,
  0.9,
  1,
  1.25,
  1.5,
  1.75,
  2,
  2.5,
  3,
  4,
  5,
  7.5,
  10,
  15,
  30,
];

/** GenAI conventions. One for each attempt; failures have `error.type`. */
export const operationDuration = {
  name: "gen_ai.client.operation.duration",
  unit: "s",
  description: "Duration of a try on the wire",
  boundaries: DURATION_BOUNDARIES,
};
/** GenAI conventions. Of streams. */
export const timeToFirstChunk = {
  name: "gen_ai.client.operation.time_to_first_chunk",
  unit: "s",
  description: "Time from the request to the first output of a stream",
  boundaries: DURATION_BOUNDARIES,
};
/** GenAI conventions. */
export const tokenUsage = {
  name: "gen_ai.client.token.usage",
  unit: "{token}",
  description: "Input and output tokens of a try on the wire",
  boundaries: TOKEN_BOUNDARIES,
};
/** LiveKit Agents; there a reuse and a failure are not recorded. */
export const acquireTime = {
  name: "lk.agents.connection.acquire_time",
  unit: "s",
  description: "Time to get a socket; 0 for one that was open",
  boundaries: [0, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
};
/** LiveKit Agents, as are those of a turn that follow: recorded when the turn ends, keyed by the model that made it. */
export const e2eLatency = {
  name: "lk.agents.turn.e2e_latency",
  unit: "s",
  description: "Time from the end of the user's speech to the agent's",
  boundaries: TURN_BOUNDARIES,
};
export const llmTtft = {
  name: "lk.agents.turn.llm_ttft",
  unit: "s",
  description: "Time from the start of the LLM's node to its first text or tool call",
  boundaries: TURN_BOUNDARIES,
};
export const ttsTtfb = {
  name: "lk.agents.turn.tts_ttfb",
  unit: "s",
  description: "Time from the first text that went to be spoken to the first audio",
  boundaries: TURN_BOUNDARIES,
};
export const transcriptionDelay = {
  name: "lk.agents.turn.transcription_delay",
  unit: "s",
  description: "Time from the end of the user's speech to its last final transcript",
  boundaries: TURN_BOUNDARIES,
};
export const endOfTurnDelay = {
  name: "lk.agents.turn.end_of_turn_delay",
  unit: "s",
  description: "Time from the end of the user's speech to the decision that the turn is over",
  boundaries: TURN_BOUNDARIES,
};
export const userTurnCompletedDelay = {
  name: "lk.agents.turn.on_user_turn_completed_delay",
  unit: "s",
  description: "Time in the application's hook between the user's turn and the agent's",
  boundaries: TURN_BOUNDARIES,
};
/** Of sessions that ended. */
export const sessionDuration = {
  name: "voice.session.duration_ms",
  unit: "ms",
  description: "How long a session lasted",
  boundaries: [1e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5],
};

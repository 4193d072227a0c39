/**
 * What tests of instrumented code need: an OTLP receiver that decodes what is exported, emulators that
 * play providers over real HTTP and WebSockets, and a drawing of traces. Runs on Deno, Node and Bun.
 *
 * @example Test what a call to a provider exports
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatTrace, startEmulator, startReceiver } from "@teespan/teespan/testing";
 *
 * const receiver = await startReceiver();
 * const emulator = await startEmulator({
 *   respond: { headers: { "x-request-id": "req_1" }, body: ["data: Hel\n\n", "data: lo\n\n"] },
 * });
 *
 * // The agent goes here, with `emulator.fetch` to its providers and `receiver.url` as OTLP endpoint.
 * const answer = await emulator.fetch("https://api.openai.com/v1/responses", { method: "POST", body: "{}" });
 * assert.equal(await answer.text(), "data: Hel\n\ndata: lo\n\n");
 *
 * assert.equal(emulator.requests[0]?.outcome, "complete");
 * console.log(formatTrace(receiver.spans));
 * await emulator.close();
 * await receiver.close();
 * ```
 *
 * @module
 */

export type { EmulatedConnection, SeenClose, SeenFrame } from "./emulated_connection.ts";
export type { EmulatedHandshake, SeenHandshake } from "./emulated_handshake.ts";
export type { EmulatedFault, EmulatedResponse } from "./emulated_response.ts";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts";
export type { ListenOptions } from "./http_server.ts";
export type { OtlpEncoding } from "../otlp_wire/codec.ts";
export { decodeLogs, decodeMetrics, decodeTraces } from "../otlp_wire/decode.ts";
export type {
  AttributeValue,
  ReceivedAttributes,
  ReceivedBuckets,
  ReceivedEvent,
  ReceivedExemplar,
  ReceivedLink,
  ReceivedLog,
  ReceivedMetric,
  ReceivedPoint,
  ReceivedRecord,
  ReceivedScope,
  ReceivedSpan,
  ReceivedSpanKind,
} from "../otlp_wire/received.ts";
export { type ReceivedRequest, type Receiver, startReceiver } from "./receiver.ts";
export type { ReceiverBehavior } from "./receiver_behavior.ts";
export type { WaitOptions } from "./receiver_wait.ts";
export type { SeenRequest } from "./seen_request.ts";
export { type SocketEmulator, type SocketEmulatorOptions, startSocketEmulator } from "./socket_emulator.ts";
export { playScript, type PlayScriptOptions, type SocketStep } from "./socket_script.ts";
export { formatTrace, type FormatTraceOptions } from "./trace_tree.ts";

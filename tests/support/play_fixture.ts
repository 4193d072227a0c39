/** Fixtures, played through the whole library with canaries where secrets travel. */

import { CANARY, SECRET_HEADERS, withSecrets } from "../privacy/canaries.ts";
import { startTelemetry, type TelemetryOptions, type WebSocketClass } from "../../mod.ts";
import { FakeWebSocket } from "./fake_websocket.ts";
import { type FixtureFrame, frameData, type HttpFixture, type SocketFixture } from "./fixtures.ts";

/** Makes a fixture's call, with secrets wherever they travel. */
export async function playHttp(
  fixture: HttpFixture,
  options: TelemetryOptions,
  ending: "read" | "cancel" = "read",
  pieces: Iterable<Uint8Array<ArrayBuffer>> = [fixture.body.slice()],
): Promise<void> {
  const { request, response, body } = fixture;
  await using telemetry = startTelemetry({
    env: {},
    register: false,
    exportIntervalMs: false,
    ...options,
    fetch: (() =>
      Promise.resolve(
        new Response(body.length > 0 ? ReadableStream.from(pieces) : null, {
          status: response.status,
          headers: { ...response.headers, "set-cookie": CANARY },
        }),
      )) as typeof fetch,
  });
  const answer = await telemetry.fetch(withSecrets(request.url), {
    method: request.method,
    headers: { ...SECRET_HEADERS, ...request.headers },
    body: typeof request.body === "string" ? request.body : JSON.stringify(request.body),
  });
  if (ending === "read") await answer.arrayBuffer();
  else await answer.body?.cancel(CANARY);
}

/** Plays a fixture's frames over a socket, likewise. */
export async function playSocket(
  { socket, frames }: SocketFixture,
  options: TelemetryOptions,
): Promise<void> {
  await using telemetry = startTelemetry({
    env: {},
    register: false,
    exportIntervalMs: false,
    ...options,
    WebSocket: FakeWebSocket as unknown as WebSocketClass,
  });
  const fake = new telemetry.WebSocket(withSecrets(socket.url), [
    "token",
    CANARY,
  ]) as unknown as FakeWebSocket;
  fake.open();
  for (const frame of frames) playFrame(fake, frame);
  fake.shut(1011);
}

function playFrame(fake: FakeWebSocket, frame: FixtureFrame): void {
  if ("closed" in frame) fake.shut(frame.closed);
  else if ("sent" in frame) fake.send(dataOf(frame));
  else fake.receive(dataOf(frame));
}

function dataOf(frame: Parameters<typeof frameData>[0]): string | ArrayBuffer {
  const data = frameData(frame);
  return typeof data === "string" ? data : data.buffer;
}

/**
 * Nothing private leaves: every fixture is played with canaries where secrets travel, and what is exported is searched
 * for them, and for every text, tool argument and piece of audio that was asked or answered.
 */

import { startTelemetry, type WebSocketClass } from "../../mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import {
  type FixtureFrame,
  frameData,
  type HttpFixture,
  httpFixtures,
  type SocketFixture,
  socketFixtures,
} from "../support/fixtures.ts";
import {
  assertPrivate,
  CANARY,
  framedValues,
  jsonValues,
  privateTexts,
  SECRET_HEADERS,
  withSecrets,
} from "./canaries.ts";

async function playHttp(fixture: HttpFixture, endpoint: string, ending: "read" | "cancel"): Promise<void> {
  const { request, response, body } = fixture;
  await using telemetry = startTelemetry({
    env: {},
    endpoint,
    register: false,
    exportIntervalMs: false,
    fetch: (() =>
      Promise.resolve(
        new Response(body.length > 0 ? body.slice() : null, {
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

async function playSocket({ socket, frames }: SocketFixture, endpoint: string): Promise<void> {
  await using telemetry = startTelemetry({
    env: {},
    endpoint,
    register: false,
    exportIntervalMs: false,
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

Deno.test("no secret and no content leaves with a call over HTTP, read or cancelled", async () => {
  for (const fixture of httpFixtures) {
    for (const ending of ["read", "cancel"] as const) {
      await using receiver = await startReceiver();
      await playHttp(fixture, receiver.url, ending);
      const exported = receiver.requests.map(({ body }) => new TextDecoder().decode(body)).join("\n");
      const texts = [fixture.request.body, ...jsonValues(fixture.body)].flatMap((
        value,
      ) => [...privateTexts(value)]);
      try {
        assertPrivate(exported, texts);
      } catch (error) {
        throw new Error(`${fixture.provider}/${fixture.case}, ${ending}`, { cause: error });
      }
    }
  }
});

Deno.test("no secret and no content leaves with a socket", async () => {
  for (const fixture of socketFixtures) {
    await using receiver = await startReceiver();
    await playSocket(fixture, receiver.url);
    const exported = receiver.requests.map(({ body }) => new TextDecoder().decode(body)).join("\n");
    try {
      assertPrivate(exported, privateTexts([fixture.frames, ...framedValues(fixture.frames)]));
    } catch (error) {
      throw new Error(`${fixture.provider}/${fixture.case}`, { cause: error });
    }
  }
});

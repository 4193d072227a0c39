/** How Deepgram's SDK is listened with, on sockets of both versions. */

import { DeepgramClient } from "@deepgram/sdk";
import { type Caller, converse } from "./converse.ts";
import { transportOn } from "./deepgram_transport.ts";
import { untilOpen } from "./listen.ts";
import type { SpeechScenario, SpeechStage, Ways } from "./speech_compare.ts";
import { fixtureFrames, playingFixture } from "./speech_server.ts";

/** The SDK, through our `fetch` and sockets. */
export function deepgramClient({ fetch, WebSocket }: Ways): DeepgramClient {
  return new DeepgramClient({
    ...{ apiKey: "canary", fetch, maxRetries: 0 },
    transportFactory: transportOn(WebSocket),
  });
}

/** What is asked for unless said otherwise. */
const settings = {
  v1: { model: "nova-3", encoding: "mulaw", sample_rate: 8000, reconnectAttempts: 0 },
  v2: {
    ...{ model: "flux-general-en", encoding: "mulaw", sample_rate: 8000, reconnectAttempts: 0 },
    eager_eot_threshold: 0.4,
  },
} as const;

type Version = keyof typeof settings;
type Socket = Awaited<ReturnType<DeepgramClient["listen"][Version]["createConnection"]>>;

/** Opens a socket; what comes on it is in the inbox. */
export async function openListen(
  client: DeepgramClient,
  stage: SpeechStage,
  version: Version,
  more: Record<string, unknown> = {},
) {
  const socket: Socket = await client.listen[version].createConnection(
    { ...settings[version], ...more } as never,
  );
  socket.on("error", ({ message }) => stage.log("error", message));
  socket.connect();
  const open = await untilOpen(socket, stage);
  return { ...open, caller: callerOf(socket) };
}

/** Each message has a method of its own. */
function callerOf(socket: Socket): Caller {
  return {
    audio: (bytes) => socket.sendMedia(bytes),
    message(json) {
      const { [`send${json.type}`]: send } = socket as unknown as Record<string, (json: unknown) => void>;
      send!.call(socket, json);
    },
  };
}

/** A socket that is talked over as a fixture has it. */
export function listenOver(
  version: Version,
  name: string,
  more: Record<string, unknown> = {},
): Pick<SpeechScenario<DeepgramClient>, "serve" | "run"> {
  return {
    serve: playingFixture("deepgram", name),
    run: async (client, stage) => {
      const { inbox, closed, caller } = await openListen(client, stage, version, more);
      await converse(fixtureFrames("deepgram", name), inbox, caller);
      await closed;
    },
  };
}

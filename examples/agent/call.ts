/**
 * One call: what the caller says goes to the recognition; each turn is answered, spoken and played; a caller who cuts in
 * is listened to. Telemetry takes of it what no socket shows: when the caller hears the agent, and that it cut in.
 */

import type { AgentTurn, Session } from "@teespan/teespan";
import OpenAI from "openai";
import { openPlayer } from "./player.ts";
import { openRecognition } from "./recognition.ts";
import { type History, reply } from "./reply.ts";
import { chooseTone } from "./tone.ts";
import { openVoice, type Segment, VOICE_BYTES_PER_SECOND } from "./voice.ts";

/** The keys of the providers. */
export interface Keys {
  readonly OPENAI_API_KEY: string;
  readonly ANTHROPIC_API_KEY: string;
  readonly CARTESIA_API_KEY: string;
  readonly DEEPGRAM_API_KEY: string;
}

/** What goes to the caller beside audio. */
export type Signal =
  /** Words whose audio comes, and the seconds of this answer at which they begin. */
  | { readonly type: "words"; readonly words: readonly string[]; readonly starts: readonly number[] }
  /** What was not heard yet is to be dropped. */
  | { readonly type: "drop" }
  /** The agent has said all it has to say. */
  | { readonly type: "yours" };

/** The line to the caller. */
export interface Caller {
  /** Sends audio: PCM, 16 bits, 24 kHz. */
  play(audio: Uint8Array): void;
  /** Sends a signal. */
  signal(signal: Signal): void;
  /** The call cannot go on. */
  fail(error: unknown): void;
}

/** A call that was taken. */
export interface Call {
  /** The caller is heard: PCM, 16 bits, 16 kHz. */
  hear(audio: Uint8Array<ArrayBuffer>): void;
  /** The caller hung up. Resolves when the last word about it came. */
  hangUp(): Promise<void>;
}

const COMPANY = "Acme, which delivers furniture";
const GREETING = "Acme, hi!";

/** Takes a call. */
export function takeCall(session: Session, keys: Keys, caller: Caller): Call {
  const openai = new OpenAI({
    apiKey: keys.OPENAI_API_KEY,
    baseURL: "https://api.openai.com/v1",
    fetch: session.fetch,
  });
  const history: History = [];
  /** Who speaks, and what. */
  let turn: AgentTurn | undefined;
  let segment: Segment | undefined;

  const player = openPlayer((audio) => caller.play(audio), VOICE_BYTES_PER_SECOND, {
    started: () => turn?.agentStartedSpeaking(),
    stopped: () => turn?.agentStoppedSpeaking(),
  });
  const voice = openVoice(
    session.WebSocket,
    keys.CARTESIA_API_KEY,
    (audio) => player.play(audio),
    (words, starts) => caller.signal({ type: "words", words, starts }),
  );
  const recognition = openRecognition(session.WebSocket, keys.DEEPGRAM_API_KEY, cutIn);

  /** What is still to be said and heard is not wanted any more. */
  function fallSilent(): void {
    segment?.cancel();
    segment = undefined;
    player.drop();
  }

  function cutIn(): void {
    if (!player.playing) return;
    turn?.interrupt();
    fallSilent();
    caller.signal({ type: "drop" });
  }

  async function greet(): Promise<void> {
    const greeting = segment = voice.begin();
    greeting.say(GREETING);
    await greeting.end();
    await player.heard();
  }

  async function answer(next: AgentTurn): Promise<void> {
    fallSilent();
    turn = next;
    history.push({ role: "user", content: await recognition.utterance() });
    const spoken = segment = voice.begin();
    for await (const text of reply(next, openai, history)) {
      // whoever is not listened to any more need not think on
      if (segment !== spoken) return;
      spoken.say(text);
    }
    await spoken.end();
    await player.heard();
    if (segment === spoken) caller.signal({ type: "yours" });
  }

  const stopAnswering = session.on("turn", (next) => answer(next).catch(caller.fail));
  Promise.all([
    chooseTone(session.fetch, keys.ANTHROPIC_API_KEY, COMPANY),
    session.operation("voice.deliver_initial_greeting", greet),
  ]).then(([tone]) => {
    history.unshift({
      role: "system",
      content: `You take calls for ${COMPANY}. Answer in two or three short sentences. Tone: ${tone}.`,
    });
    // nobody is there any more, or has begun to speak
    if (segment !== undefined) caller.signal({ type: "yours" });
  }).catch(caller.fail);

  return {
    hear: (audio) => recognition.hear(audio),
    async hangUp() {
      stopAnswering();
      fallSilent();
      await recognition.close();
      voice.close();
    },
  };
}

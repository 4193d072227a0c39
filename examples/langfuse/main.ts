/**
 * A conversation in Langfuse: each question is answered by OpenAI and spoken by Cartesia, as a turn of one session.
 * Langfuse then shows a trace with its user and session, models, tokens, and when each answer began.
 *
 * `LANGFUSE_PUBLIC_KEY=… LANGFUSE_SECRET_KEY=… OPENAI_API_KEY=… CARTESIA_API_KEY=… deno task langfuse "What is a span?"`
 *
 * Traces go to the EU, unless `LANGFUSE_BASE_URL` says another region or a server of your own.
 */

import { startTelemetry } from "@teespan/teespan";
import { langfuse } from "@teespan/teespan/presets";
import { speakAnswer } from "../agent/turn.ts";
import { openVoice } from "../agent/voice.ts";

const questions = Deno.args.length > 0 ? Deno.args : ["What is a span?"];
const conversation = `chat-${crypto.randomUUID()}`;

/** What Langfuse finds a conversation by. It takes a trace's from its outermost span; filters look at each span's own. */
const who = { "session.id": conversation, "user.id": "user-7" };

// without its keys this says which are missing, before anything is called
await using telemetry = startTelemetry({ serviceName: "langfuse-agent", ...langfuse() });
const session = telemetry.startSession({
  id: conversation,
  attributes: {
    ...who,
    "langfuse.trace.name": "spoken answers",
    "langfuse.trace.tags": ["example", "voice"],
  },
});
const key = (name: string): string => Deno.env.get(name) ?? "";

let outcome = "success";
try {
  for (const question of questions) {
    using turn = session.agentTurn({ kind: "reply", attributes: who });
    const voice = openVoice(
      turn.WebSocket,
      key("CARTESIA_API_KEY"),
      () => turn.agentStartedSpeaking(), // a player would say so when it plays
    );
    console.log(await speakAnswer(turn.fetch, key("OPENAI_API_KEY"), voice, question));
    turn.agentStoppedSpeaking();
    voice.close();
  }
} catch (error) {
  outcome = "error";
  throw error;
} finally {
  session.end({ outcome });
}
console.log(`In Langfuse it is session ${conversation}`);

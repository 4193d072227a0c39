/**
 * Phonic's speech-to-speech socket: JSON frames, one conversation id, responses one after another.
 *
 * @see {@link https://docs.phonic.co/api-reference/speech-to-speech/web-socket}
 * @module
 */

import { noteConnectionId, SentAudio } from "../hearing.ts";
import { Notes } from "../notes.ts";
import { audioShape, type Speech, SpeechContexts } from "../speech.ts";
import type { SocketFormat, SocketReader, SocketRequest, SocketSinks } from "../types.ts";
import { asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";

/** The key of the response that is open: Phonic gives responses no ids. */
const RESPONSE = "response";

/** What is sent and comes, where the configuration names no format. */
const DEFAULT_FORMAT = "pcm_44100";

/** The socket format. */
export function phonicConversation(): SocketFormat {
  return { name: "phonic", open };
}

function open({ url }: SocketRequest, sinks: SocketSinks): SocketReader {
  let audio = new SentAudio(sinks, audioShape(DEFAULT_FORMAT));
  let output = audioShape(DEFAULT_FORMAT);
  let model: string | undefined;
  const answers = new SpeechContexts(sinks);
  let notes: Notes | undefined;
  /** Whether a turn of the user is heard that is not over. */
  let hearing = false;
  sinks.billedByTime();
  // a conversation that is taken up again
  noteConnectionId(sinks, url.searchParams.get("reconnect_conv_id"), "session");

  function configure(frame: JsonObject): void {
    model = asText(frame.model) ?? model;
    sinks.noteModel(model);
    audio = new SentAudio(sinks, audioShape(asText(frame.input_format) ?? DEFAULT_FORMAT));
    output = audioShape(asText(frame.output_format) ?? DEFAULT_FORMAT);
    instruct(frame);
  }

  /** Tools are named, or defined as in OpenAI's Chat. */
  function instruct({ system_prompt: instructions, tools }: JsonObject): void {
    if (sinks.asked === undefined) return;
    const defined = asList(tools).map((tool) => asObject(tool)?.tool_schema ?? tool);
    sinks.asked.configure({ instructions, tools: tools && defined });
  }

  function ask(frame: JsonObject): void {
    switch (frame.type) {
      case "update_system_prompt":
        return instruct(frame);
      case "add_system_message":
      case "generate_reply":
        return sinks.asked?.add([
          { role: "system", content: frame.system_message },
          { role: "user", content: frame.user_message },
        ]);
      case "tool_call_output":
        return sinks.asked?.add([
          { role: "tool", tool_call_id: frame.tool_call_id, content: frame.output },
        ]);
    }
  }

  function respond(): Speech {
    const open = answers.find(RESPONSE);
    if (open !== undefined) return open;
    const answer = answers.begin(RESPONSE, output);
    notes = new Notes(answer.sink);
    answer.sink.note({ operationName: "generate_content", requestModel: model, streamed: true });
    return answer;
  }

  /** Silence comes, too, while nobody speaks; without text nothing begins with it. */
  function play(frame: JsonObject): void {
    const text = asText(frame.text);
    if (text === undefined && sinks.find(RESPONSE) === undefined) return;
    const response = respond();
    if (text !== undefined) notes?.output("text", text);
    response.base64(asText(frame.audio));
  }

  /** It may speak while the tool runs; where it does not, the call was all. */
  function callTool(frame: JsonObject): void {
    const silent = sinks.find(RESPONSE) === undefined;
    const { sink } = respond();
    notes?.toolCall(asText(frame.tool_name), asText(frame.tool_call_id), { arguments: frame.parameters });
    if (silent) sink.complete();
  }

  /** The user may speak a word or two into an answer without stopping it: what does is said apart. */
  function interrupt(): void {
    const sink = sinks.find(RESPONSE);
    sink?.note({ interrupted: true });
    sink?.cancel();
  }

  function hear(frame: JsonObject): void {
    if (!asText(frame.text)) return;
    hearing = false;
    sinks.turn().transcript({ text: asText(frame.text), final: true, language: asText(frame.language) });
    sinks.turn().commit();
    sinks.turn().settle();
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "config") configure(frame);
      else if (frame.type === "audio_chunk") audio.base64(asText(frame.audio));
      else if (frame.type === "reset") instruct(asObject(frame.config) ?? {});
      else ask(frame);
    },
    received(frame) {
      switch (frame.type) {
        case "conversation_created":
          return noteConnectionId(sinks, frame.conversation_id, "session");
        case "user_started_speaking":
          hearing = true;
          return sinks.turn().speechStarted();
        case "user_finished_speaking":
          return hearing ? sinks.turn().speechStopped() : undefined;
        case "input_text":
          return hear(frame);
        case "input_cancelled":
          if (hearing) sinks.turn().clear();
          hearing = false;
          return;
        case "assistant_started_speaking":
          sinks.find(RESPONSE)?.complete(); // one that was not said to be over
          return void respond();
        case "audio_chunk":
          return play(frame);
        case "tool_call":
          return callTool(frame);
        case "interrupted_response":
          return interrupt();
        case "assistant_finished_speaking":
        case "assistant_ended_conversation":
          return sinks.find(RESPONSE)?.complete();
        case "error":
          return sinks.fail({ type: asWord(asObject(frame.error)?.code) ?? "error" });
      }
    },
  });
}

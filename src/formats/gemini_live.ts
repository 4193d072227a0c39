/**
 * Gemini's Live socket, on the Developer API and on Vertex AI: an attempt for each turn of the model.
 *
 * A frame is an object with a key for each thing that it tells. Nothing says that a response begins, and none has an id.
 *
 * @see {@link https://ai.google.dev/api/live}
 * @module
 */

import { noteConnectionId, SentAudio } from "../hearing.ts";
import { Notes } from "../notes.ts";
import { audioShape, Speech } from "../speech.ts";
import type { Facts, Sink, SocketFormat, SocketReader, SocketSinks } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { addCounts } from "../wire/counts.ts";
import { countModalities, countModality } from "../wire/google.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";
import { HeardTurns } from "../wire/google_turns.ts";

/** The socket format. Its JSON comes as bytes, in browsers as a `Blob`. */
export function geminiLive(): SocketFormat {
  return { name: "gemini_live", readsBlobs: true, open: (_request, sinks) => open(sinks) };
}

function open(sinks: SocketSinks): SocketReader {
  const turns = new HeardTurns(sinks);
  const replies = new Replies(sinks, turns);
  let mimeType: string | undefined;
  let audio: SentAudio | undefined;

  function hear(value: unknown): void {
    const media = asObject(value);
    const type = asText(media?.mimeType ?? media?.mime_type);
    if (!type?.startsWith("audio/")) return;
    if (audio === undefined || type !== mimeType) audio = new SentAudio(sinks, pcmShape(type, 16_000));
    mimeType = type;
    audio.base64(asText(media?.data));
  }

  function sendInput(input: JsonObject): void {
    hear(input.audio);
    for (const chunk of asList(input.mediaChunks ?? input.media_chunks)) hear(chunk);
    if (input.activityStart ?? input.activity_start) turns.started();
    if (input.activityEnd ?? input.activity_end) {
      turns.stopped();
      turns.over();
      replies.ask();
    }
    if (asText(input.text)) {
      sinks.asked?.add(input.text);
      replies.ask();
    }
  }

  function setUp(setup: JsonObject): void {
    replies.model = asText(setup.model)?.split("/").at(-1);
    sinks.noteModel(replies.model);
    turns.transcribes = (setup.inputAudioTranscription ?? setup.input_audio_transcription) !== undefined;
    const instructions = setup.systemInstruction ?? setup.system_instruction;
    sinks.asked?.configure({ instructions, tools: setup.tools });
  }

  function sendContent(content: JsonObject): void {
    sinks.asked?.add(content.turns);
    if ((content.turnComplete ?? content.turn_complete) === true) replies.ask();
  }

  return readJsonFrames({
    binaryJson: true,
    sent(frame) {
      const setup = asObject(frame.setup);
      if (setup !== undefined) setUp(setup);
      sendInput(asObject(frame.realtimeInput ?? frame.realtime_input) ?? {});
      const content = asObject(frame.clientContent ?? frame.client_content);
      if (content !== undefined) sendContent(content);
      const result = asObject(frame.toolResponse ?? frame.tool_response);
      if (result !== undefined) replies.takeResults(result.functionResponses ?? result.function_responses);
    },
    received(frame) {
      // the handle of `sessionResumptionUpdate` is a key to the conversation: never noted
      noteConnectionId(sinks, asObject(frame.setupComplete)?.sessionId, "session");
      turns.takeSignals(frame);
      replies.take(frame);
    },
    closed: () => replies.closed(),
  });
}

interface Reply {
  readonly sink: Sink;
  readonly speech: Speech;
  readonly notes: Notes;
}

/** The model's turns on one socket, one after another. */
class Replies {
  /** The model that the setup asks for. */
  model: string | undefined;
  readonly #sinks: SocketSinks;
  readonly #turns: HeardTurns;
  #count = 0;
  #current: Reply | undefined;
  #interrupted = false;

  constructor(sinks: SocketSinks, turns: HeardTurns) {
    this.#sinks = sinks;
    this.#turns = turns;
  }

  /** The caller asked for a reply. */
  ask(): void {
    if (this.#interrupted) this.#end();
    this.#reply();
  }

  /** What tools came to: the reply that called them goes on with it. */
  takeResults(results: unknown): void {
    if (this.#sinks.asked === undefined) return;
    const messages = [{ parts: asList(results).map((functionResponse) => ({ functionResponse })) }];
    if (this.#current === undefined) this.#sinks.asked.add(messages);
    else this.#current.sink.content?.ask(messages);
  }

  take(frame: JsonObject): void {
    const content = asObject(frame.serverContent) ?? {};
    this.#turns.hear(content);
    for (const part of asList(asObject(content.modelTurn)?.parts)) this.#takePart(asObject(part) ?? {});
    const spoken = asText(asObject(content.outputTranscription)?.text);
    if (spoken) this.#answer().notes.output("text", spoken);
    for (const call of asList(asObject(frame.toolCall)?.functionCalls).map(asObject)) {
      this.#answer().notes.toolCall(asText(call?.name), asText(call?.id), { arguments: call?.args });
    }
    const usage = asObject(frame.usageMetadata);
    const over = content.turnComplete === true;
    // a turn in which nothing was said has cost something all the same
    const reply = usage && over ? this.#reply() : this.#current;
    if (usage !== undefined) {
      reply?.notes.facts({ ...countTokens(usage), serviceTier: asText(usage.serviceTier) });
    }
    if (content.interrupted === true && reply !== undefined) {
      this.#interrupted = true;
      reply.notes.facts({ interrupted: true });
    }
    if (content.interrupted === true || over) this.#turns.answered();
    if (!over) return;
    const reason = asWord(content.turnCompleteReason);
    if (reason !== "TURN_COMPLETE_REASON_UNSPECIFIED") reply?.notes.finish(reason);
    this.#end();
  }

  /** The end of a reply that was interrupted would have been next. */
  closed(): void {
    if (this.#interrupted) this.#end();
  }

  #takePart(part: JsonObject): void {
    const data = asObject(part.inlineData);
    const type = asText(data?.mimeType);
    if (type?.startsWith("audio/")) this.#answer(type).speech.base64(asText(data?.data));
    else if (asText(part.text)) {
      this.#answer().notes.output(part.thought === true ? "reasoning" : "text", asText(part.text));
    } else if (part.executableCode) this.#answer().notes.output("tool");
  }

  /** The reply that is being given: whoever spoke before has finished. */
  #answer(mimeType?: string): Reply {
    this.#turns.over();
    if (this.#interrupted) this.#end();
    return this.#reply(mimeType);
  }

  #reply(mimeType = ""): Reply {
    if (this.#current !== undefined) return this.#current;
    const sink = this.#sinks.begin(`${++this.#count}`);
    const speech = new Speech(sink, pcmShape(mimeType, 24_000));
    this.#current = { sink, speech, notes: new Notes(sink) };
    sink.note({ operationName: "generate_content", requestModel: this.model, streamed: true });
    return this.#current;
  }

  #end(): void {
    if (this.#interrupted) this.#current?.sink.cancel();
    else this.#current?.sink.complete();
    this.#interrupted = false;
    this.#current = undefined;
  }
}

/** Raw audio has its rate beside its type; where it does not, both sides have one of their own. */
function pcmShape(mimeType: string, sampleRate: number): AudioShape {
  const shape = audioShape(mimeType, sampleRate);
  return shape.encoding === undefined ? { encoding: "pcm_s16", sampleRate } : shape;
}

/** Thoughts are no part of the response. Vertex calls it candidates, as elsewhere. */
function countTokens(usage: JsonObject): Facts {
  const thoughts = asCount(usage.thoughtsTokenCount);
  const cached = asList(usage.cacheTokensDetails);
  return {
    inputTokens: addCounts(asCount(usage.promptTokenCount), asCount(usage.toolUsePromptTokenCount)),
    cachedInputTokens: asCount(usage.cachedContentTokenCount),
    cachedTextInputTokens: countModality(cached, "TEXT"),
    cachedAudioInputTokens: countModality(cached, "AUDIO"),
    cachedImageInputTokens: countModality(cached, "IMAGE"),
    outputTokens: addCounts(
      asCount(usage.responseTokenCount) ?? asCount(usage.candidatesTokenCount),
      thoughts,
    ),
    reasoningOutputTokens: thoughts,
    ...countModalities(
      [...asList(usage.promptTokensDetails), ...asList(usage.toolUsePromptTokensDetails)],
      asList(usage.responseTokensDetails ?? usage.candidatesTokensDetails),
    ),
  };
}

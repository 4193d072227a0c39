/**
 * Amazon Nova Sonic on Bedrock's two-way stream: JSON events in both directions, each in a message of an event stream
 * as `{"bytes": base64}`.
 *
 * One completion may last for several turns, so an attempt is one answer: from the first content that the model plans
 * or asks a tool for, to the end of its turn. What it says comes as text twice, planned and spoken; the plan counts.
 *
 * @see {@link https://docs.aws.amazon.com/nova/latest/userguide/output-events.html}
 * @module
 */

import { asId, noteConnectionId, SentAudio } from "../hearing.ts";
import { Notes } from "../notes.ts";
import { type Speech, SpeechContexts } from "../speech.ts";
import type { Facts, Sink, SocketFormat, SocketRequest, SocketSinks } from "../types.ts";
import { type AudioShape, PCM_OF_BITS } from "../wire/audio.ts";
import { decodeBase64 } from "../wire/base64.ts";
import { addCounts, addUsage } from "../wire/counts.ts";
import { readEventFrames } from "../wire/event_frames.ts";
import { asCount, asObject, asText, type JsonObject, parseJson, parseJsonText } from "../wire/json.ts";
import { pathPart } from "../wire/path.ts";
import { SonicAsked } from "../wire/sonic_asked.ts";

/** The key of the answer that is open: answers have no ids, only completions do. */
const ANSWER = "answer";

/** The socket format. */
export function novaSonic(): SocketFormat {
  return {
    name: "nova_sonic",
    open(request, sinks) {
      const reader = new NovaSonic(request, sinks);
      return readEventFrames({
        sent: (_type, payload) => reader.sent(eventOf(payload)),
        received: (_type, payload) => reader.received(eventOf(payload)),
        failed: (type, payload) => reader.failed(type, payload),
        unread: () => reader.unread(),
        passOver: (bytes) => reader.passOver(bytes),
        closed: () => reader.closed(),
      });
    },
  };
}

/** Whose words a piece of content has: the user's, those the model plans to say, or others such as what it did say. */
type Content = "user" | "planned" | "tool" | "other";

/** The event in a message: an object with one key, its name. */
function eventOf(payload: Uint8Array): JsonObject {
  const bytes = asText(asObject(parseJson(payload))?.bytes) ?? "";
  return asObject(asObject(parseJson(decodeBase64(bytes)))?.event) ?? {};
}

class NovaSonic {
  readonly #sinks: SocketSinks;
  readonly #answers: SpeechContexts;
  readonly #model: string | undefined;
  readonly #asked: SonicAsked | undefined;
  #audio: SentAudio;
  #output: AudioShape = {};
  #completionId: string | undefined;
  #content: Content = "other";
  /** Whether the user said something that is not answered yet. */
  #heard = false;
  /** Whether the model's turn is over; what it used may still come. */
  #over = false;
  #notes: Notes | undefined;
  /** What stands between what the answer said last and what it says next: sentences come without. */
  #gap = "";
  #used: Facts = {};

  constructor({ url }: SocketRequest, sinks: SocketSinks) {
    this.#sinks = sinks;
    this.#answers = new SpeechContexts(sinks);
    this.#model = pathPart(url, /\/model\/([^/]+)\//);
    sinks.noteModel(this.#model);
    this.#asked = sinks.asked && new SonicAsked(sinks.asked);
    this.#audio = new SentAudio(sinks, {});
  }

  sent(event: JsonObject): void {
    const { promptStart, contentStart, audioInput } = event;
    const output = asObject(asObject(promptStart)?.audioOutputConfiguration);
    if (output !== undefined) this.#output = shapeOf(output);
    const input = asObject(asObject(contentStart)?.audioInputConfiguration);
    if (input !== undefined) this.#audio = new SentAudio(this.#sinks, shapeOf(input));
    this.#audio.base64(asText(asObject(audioInput)?.content));
    this.#asked?.sent(event);
  }

  received(events: JsonObject): void {
    const [name, value] = Object.entries(events)[0] ?? [];
    const event = asObject(value);
    if (event === undefined) return;
    noteConnectionId(this.#sinks, event.sessionId, "session");
    this.#completionId = asId(event.completionId) ?? this.#completionId;
    switch (name) {
      case "contentStart":
        return this.#startContent(event);
      case "textOutput":
        return this.#takeText(asText(event.content));
      case "audioOutput":
        return this.#takeAudio(asText(event.content));
      case "toolUse":
        this.#answer();
        return void this.#notes?.toolCall(asText(event.toolName), asText(event.toolUseId), {
          arguments: event.content,
        });
      case "contentEnd":
        return this.#endContent(event);
      case "usageEvent":
        this.#used = addUsage(this.#used, countTokens(asObject(asObject(event.details)?.delta)));
        if (this.#over) this.#finish();
        return;
      case "completionStart":
      case "completionEnd":
        return this.#finish();
    }
  }

  /** The words of an exception begin with an id, of which its class alone is said otherwise. */
  failed(type: string, payload: Uint8Array): void {
    const words = asText(asObject(parseJson(payload))?.message) ?? "";
    const [, id] = /\bRequestId=([\w-]{8,64})/.exec(words) ?? [];
    noteConnectionId(this.#sinks, id, "request");
    this.#sinks.fail({ type });
  }

  unread(): void {
    for (const sink of this.#sinks.all()) sink.unread();
  }

  passOver(bytes: number): void {
    this.#sinks.all()[0]?.passOver(bytes);
  }

  closed(): void {
    if (this.#over) this.#finish();
  }

  #startContent(event: JsonObject): void {
    this.#content = contentOf(event);
    // audio goes on with what its text began
    if (this.#over && event.type !== "AUDIO" && this.#content !== "other") this.#finish();
    if (this.#content === "planned" || this.#content === "tool") this.#answer();
    this.#over &&= this.#content === "other";
  }

  #takeText(text: string | undefined): void {
    if (!text?.trim()) return;
    if (asObject(parseJsonText(text))?.interrupted === true) return this.#interrupt();
    if (this.#content === "user") {
      this.#heard = true;
      this.#sinks.turn().transcript({ text, final: true });
    } else if (this.#content === "planned") {
      this.#answer();
      this.#notes?.output("text", this.#gap + text);
      this.#gap = /\s$/.test(text) ? "" : " ";
    }
  }

  /** What comes after an interruption is of no answer. */
  #takeAudio(base64: string | undefined): void {
    const answer = this.#answers.find(ANSWER) ?? (this.#content === "planned" ? this.#answer() : undefined);
    answer?.base64(base64);
  }

  #endContent({ stopReason }: JsonObject): void {
    const reason = asText(stopReason);
    if (reason === "INTERRUPTED") return this.#interrupt();
    if (reason === undefined || reason === "PARTIAL_TURN") return;
    if (this.#content !== "planned" && this.#content !== "tool") return;
    this.#sinks.find(ANSWER)?.note({ finishReasons: [reason] });
    this.#over = true;
  }

  /** The answer that is open, or a new one: the user's turn is over then. */
  #answer(): Speech {
    const open = this.#answers.find(ANSWER);
    if (open !== undefined) return open;
    if (this.#heard) {
      this.#heard = false;
      this.#sinks.turn().commit();
      this.#sinks.turn().settle();
    }
    const answer = this.#answers.begin(ANSWER, this.#output);
    const { sink } = answer;
    this.#over = false;
    this.#gap = "";
    this.#notes = new Notes(sink);
    sink.note({
      operationName: "generate_content",
      requestModel: this.#model,
      responseId: this.#completionId,
      streamed: true,
    });
    sink.noteRequestId(this.#completionId ?? "", "response");
    return answer;
  }

  #interrupt(): void {
    const sink = this.#sinks.find(ANSWER);
    if (sink === undefined) return;
    this.#content = "other";
    sink.note({ interrupted: true });
    this.#count(sink);
    sink.cancel();
  }

  #finish(): void {
    const sink = this.#sinks.find(ANSWER);
    if (sink === undefined) return;
    this.#count(sink);
    sink.complete();
  }

  /** What was used since the last answer, for hearing the user above all, is this one's. */
  #count(sink: Sink): void {
    sink.note(this.#used);
    this.#used = {};
  }
}

function contentOf({ role, type, additionalModelFields }: JsonObject): Content {
  if (role === "USER") return "user";
  if (type === "TOOL") return "tool";
  const fields = asObject(parseJsonText(asText(additionalModelFields) ?? ""));
  return role === "ASSISTANT" && fields?.generationStage !== "FINAL" ? "planned" : "other";
}

/** What was used since the event before. */
function countTokens(delta: JsonObject | undefined): Facts {
  const [input, output] = [countSide(delta?.input), countSide(delta?.output)];
  return {
    inputTokens: input.all,
    audioInputTokens: input.speech,
    textInputTokens: input.text,
    outputTokens: output.all,
    audioOutputTokens: output.speech,
    textOutputTokens: output.text,
  };
}

/** Tokens of one side. Where one kind of them cannot be told, their sum cannot. */
function countSide(side: unknown): Readonly<Record<"speech" | "text" | "all", number | undefined>> {
  const { speechTokens, textTokens } = asObject(side) ?? {};
  const [speech, text] = [asCount(speechTokens), asCount(textTokens)];
  const isOdd = speechTokens !== undefined && speech === undefined ||
    textTokens !== undefined && text === undefined;
  return { speech, text, all: isOdd ? undefined : addCounts(speech, text) };
}

/** Of `audio/lpcm` all is said; of anything else nothing is known. */
function shapeOf({ mediaType, sampleRateHertz, sampleSizeBits, channelCount }: JsonObject): AudioShape {
  if (mediaType !== undefined && mediaType !== "audio/lpcm") return { encoding: "pcm_s16" };
  return {
    encoding: PCM_OF_BITS[asCount(sampleSizeBits) ?? 16] ?? "pcm_s16",
    sampleRate: asCount(sampleRateHertz),
    channels: asCount(channelCount) ?? 1,
  };
}

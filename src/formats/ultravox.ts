/**
 * Ultravox: a call is made over HTTP, then joined over the socket that the answer names. Frames are JSON; audio goes
 * as bytes in both directions, of rates that only the making of the call says.
 *
 * @see {@link https://docs.ultravox.ai/apps/datamessages}
 * @module
 */

import { asId, noteConnectionId, SentAudio } from "../hearing.ts";
import { Notes } from "../notes.ts";
import { type Speech, SpeechContexts } from "../speech.ts";
import type {
  Answer,
  CallRequest,
  HttpFormat,
  Sink,
  SocketFormat,
  SocketReader,
  SocketRequest,
  SocketSinks,
  StandingPrompt,
} from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";
import { pathPart } from "../wire/path.ts";

/** How a call was made. */
interface Setup {
  readonly model: string | undefined;
  /** Samples per second, as the caller sends them. */
  readonly inputRate: number | undefined;
  /** Samples per second, as they come. */
  readonly outputRate: number | undefined;
  /** What the agent is told and may call, where somebody wants it. */
  readonly asked?: StandingPrompt | undefined;
}

/** The key of the response that is open: Ultravox gives responses no ids. */
const RESPONSE = "response";

/** Calls that were made here and not joined yet, beyond this, are forgotten: their sockets are read all the same. */
const MAX_SETUPS = 256;

/** Of a call whose prompt and tools have more characters than this, they are not kept until it is joined. */
const MAX_ASKED = 65_536;

/** The formats of the making of a call and of its socket, which share what they know. */
export function ultravox(): { readonly create: HttpFormat; readonly call: SocketFormat } {
  const setups = new Map<string, Setup>();
  const learn = (callId: string, setup: Setup): void => {
    setups.set(callId, setup);
    if (setups.size > MAX_SETUPS) setups.delete(setups.keys().next().value!);
  };
  return {
    create: {
      name: "ultravox_create",
      request: (request) => ({ requestModel: setupOf(request).model }),
      words: ({ json }, content) => content.prompt(promptOf(asObject(json))),
      read: (response, sink, request) =>
        readAnswer(
          response,
          sink,
          createAnswer(sink, response.status, request && setupOf(request, sink), learn),
        ),
    },
    call: {
      name: "ultravox",
      open(request, sinks) {
        const callId = callIdOf(request);
        const setup = callId === undefined ? undefined : setups.get(callId);
        if (setup?.asked !== undefined) {
          sinks.asked?.configure(setup.asked);
          // words are kept no longer than must be
          learn(callId!, { ...setup, asked: undefined });
        }
        return openCall(callId, setup, sinks);
      },
    },
  };
}

/** `/calls/{callId}/server_web_socket`. */
function callIdOf({ url }: SocketRequest): string | undefined {
  return asId(pathPart(url, /\/calls\/([^/]+)/));
}

function setupOf({ json }: CallRequest, sink?: Sink): Setup {
  const body = asObject(json);
  const socket = asObject(asObject(body?.medium)?.serverWebSocket);
  const inputRate = asCount(socket?.inputSampleRate);
  return {
    model: asText(body?.model),
    inputRate,
    outputRate: asCount(socket?.outputSampleRate) ?? inputRate,
    asked: sink?.content && shortOnly(promptOf(body)),
  };
}

function shortOnly(prompt: StandingPrompt): StandingPrompt | undefined {
  return JSON.stringify(prompt).length <= MAX_ASKED ? prompt : undefined;
}

/** What the agent is told and may call: tools are its own, or defined for the call. */
function promptOf(body: JsonObject | undefined): StandingPrompt {
  const tools = asList(body?.selectedTools).map(asObject).map((tool) =>
    tool?.nameOverride ?? tool?.toolName ?? asObject(tool?.temporaryTool)?.modelToolName
  );
  return { instructions: body?.systemPrompt, tools: tools.length > 0 ? tools : undefined };
}

/** The answer to the making of a call. */
function createAnswer(
  sink: Sink,
  status: number,
  setup: Setup | undefined,
  learn: (callId: string, setup: Setup) => void,
): Answer {
  return {
    event: () => false,
    document(value) {
      const json = asObject(value);
      if (status >= 400) return sink.fail({ type: "error", code: asWord(json?.code) });
      const callId = asId(json?.callId);
      if (callId === undefined) return;
      sink.noteRequestId(callId, "session");
      const model = asText(json?.model);
      sink.note({ responseModel: model });
      const { inputRate, outputRate, asked } = setup ?? {};
      learn(callId, { model: setup?.model ?? model, inputRate, outputRate, asked });
    },
    end() {},
  };
}

function openCall(callId: string | undefined, setup: Setup | undefined, sinks: SocketSinks): SocketReader {
  const audio = new SentAudio(sinks, shapeOf(setup?.inputRate));
  const answers = new SpeechContexts(sinks);
  /** Whether the agent's last word came, and whether it asked for a tool. */
  let said = false;
  let asked = false;
  let notes: Notes | undefined;
  let inPieces = false;
  sinks.billedByTime();
  sinks.noteModel(setup?.model);
  noteConnectionId(sinks, callId, "session");

  function respond(): Speech {
    const open = answers.find(RESPONSE);
    if (open !== undefined) return open;
    said = false;
    asked = false;
    const answer = answers.begin(RESPONSE, shapeOf(setup?.outputRate));
    notes = new Notes(answer.sink);
    answer.sink.note({ operationName: "generate_content", requestModel: setup?.model, streamed: true });
    return answer;
  }

  /** It is over; where nothing came of it, it was given up. */
  function finish(): void {
    const sink = sinks.find(RESPONSE);
    if (said || asked) sink?.complete();
    else sink?.cancel();
  }

  /** The agent listens, thinks or speaks. */
  function turnTo(state: unknown): void {
    if (state === "listening" || state === "idle") return finish();
    if (state !== "thinking" && state !== "speaking") return;
    if (state === "thinking" && said) finish();
    respond();
  }

  function transcript({ role, medium, text, delta, final }: JsonObject): void {
    const word = asText(text) ?? asText(delta);
    if (role === "agent") {
      respond();
      // what came in pieces comes again as a whole
      if (word !== undefined) notes?.output("text", asText(delta) ?? (inPieces ? undefined : word));
      inPieces = final !== true && (inPieces || asText(delta) !== undefined);
      said ||= final === true;
    } else if (role === "user" && medium !== "text" && word !== undefined) {
      sinks.turn().transcript({ text: asText(text), extent: "turn", final: final === true });
      if (final !== true) return;
      sinks.turn().commit();
      sinks.turn().settle();
    }
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "user_text_message") sinks.asked?.add(frame.text);
      if (frame.type !== "client_tool_result") return;
      sinks.asked?.add([{ role: "tool", tool_call_id: frame.invocationId, content: frame.result }]);
      // with the tool's result the agent goes on, as another response
      if (!asked) return;
      finish();
      if (frame.agentReaction !== "listens") respond();
    },
    audio,
    received(frame) {
      switch (frame.type) {
        case "call_started":
          return noteConnectionId(sinks, frame.callId, "session");
        case "state":
          return turnTo(frame.state);
        case "transcript":
          return transcript(frame);
        case "client_tool_invocation":
          respond();
          asked = true;
          return void notes?.toolCall(asText(frame.toolName), asText(frame.invocationId), {
            arguments: frame.parameters,
          });
        case "playback_clear_buffer": {
          const sink = sinks.find(RESPONSE);
          sink?.note({ interrupted: true });
          return sink?.cancel();
        }
      }
    },
    binary: (bytes) => respond().audio(bytes),
    blob: (size) => respond().blob(size),
    // a call that the agent ends has no state after its farewell
    closed: () => said ? finish() : undefined,
  });
}

function shapeOf(sampleRate: number | undefined): AudioShape {
  return { encoding: "pcm_s16", sampleRate };
}

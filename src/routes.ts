/**
 * The routes of well-known formats, as many hosts have them.
 *
 * @module
 */

import { anthropicMessages } from "./formats/anthropic_messages.ts";
import { gemini } from "./formats/gemini.ts";
import { geminiSpeech } from "./formats/gemini_speech.ts";
import { type ChatQuirks, openaiChat } from "./formats/openai_chat.ts";
import { openaiCompletions } from "./formats/openai_completions.ts";
import { openaiResponses, type ResponsesQuirks } from "./formats/openai_responses.ts";
import { openaiSpeech } from "./formats/openai_speech.ts";
import { openaiTranscription } from "./formats/openai_transcription.ts";
import { responsesSocket } from "./formats/responses_socket.ts";
import { speechBody } from "./formats/speech_body.ts";
import { transcriptBody } from "./formats/transcript_body.ts";
import type { Route, SocketRoute } from "./types.ts";

/** The route of Chat Completions. */
export function chatRoute(quirks: ChatQuirks = {}, path = "/chat/completions"): Route {
  return { method: "POST", path, operation: "llm", format: openaiChat(quirks) };
}

/** The route of Completions. Its path fits the end of that of Chat Completions, so it comes after. */
export function completionsRoute(): Route {
  return { method: "POST", path: "/completions", operation: "llm", format: openaiCompletions() };
}

/** The route of Responses. */
export function responsesRoute(quirks: ResponsesQuirks = {}, path = "/responses"): Route {
  return { method: "POST", path, operation: "llm", format: openaiResponses(quirks) };
}

/** The route of Responses over a socket. */
export function responsesSocketRoute(quirks: ResponsesQuirks = {}): SocketRoute {
  return { path: "/v1/responses", operation: "llm", format: responsesSocket(openaiResponses(quirks)) };
}

/** The route of Anthropic Messages. */
export function messagesRoute(): Route {
  return { method: "POST", path: "/v1/messages", operation: "llm", format: anthropicMessages() };
}

/** The route of TTS. */
export function speechRoute(): Route {
  return {
    method: "POST",
    path: "/audio/speech",
    operation: "tts",
    format: speechBody("openai_speech", openaiSpeech),
  };
}

/** The routes of STT: into text of the language that was spoken, and into English. */
export function transcriptionRoutes(): Route[] {
  const format = transcriptBody("openai_transcription", openaiTranscription);
  return ["/audio/transcriptions", "/audio/translations"].map((path): Route => {
    return { method: "POST", path, operation: "stt", format };
  });
}

/** The routes of Gemini's TTS models. Only their names tell them from others, so these come first. */
export function geminiSpeechRoutes(): Route[] {
  const content = gemini();
  const formatOf = (streamed: boolean) =>
    speechBody("gemini_speech", {
      ...geminiSpeech,
      streamed,
      json(piece, speech) {
        content.open(speech.sink).document(piece);
        geminiSpeech.json(piece, speech);
      },
    });
  const [whole, stream] = [formatOf(false), formatOf(true)];
  return ["/*-tts", "/*-tts-*"].flatMap((model): Route[] => [
    { method: "POST", path: `${model}:generateContent`, operation: "tts", format: whole },
    { method: "POST", path: `${model}:streamGenerateContent`, operation: "tts", format: stream },
  ]);
}

/**
 * Gemini's TTS: the call is that of any model, so where its requests and answers have text and audio.
 *
 * @see {@link https://ai.google.dev/gemini-api/docs/speech-generation}
 * @module
 */

import type { Speech } from "../speech.ts";
import type { CallRequest } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asList, asObject, asText, type JsonObject } from "../wire/json.ts";
import { pathPart } from "../wire/path.ts";

/** The places; for the format of speech in bodies. */
export const geminiSpeech = {
  /** All text of the prompt; how it is to be spoken may stand there too. */
  text: (body: JsonObject): string | undefined =>
    asText(partsOf(body.contents).map((part) => asText(part.text) ?? "").join("")),
  model: (_body: JsonObject, { url }: CallRequest): string | undefined => pathPart(url, /\/([^/]+):\w+$/),
  /** `audio/L16;codec=pcm;rate=24000`, always. */
  shape: (): AudioShape => ({ encoding: "pcm_s16", sampleRate: 24_000 }),
  json(piece: JsonObject, speech: Speech): void {
    const contents = asList(piece.candidates).map((candidate) => asObject(candidate)?.content);
    for (const part of partsOf(contents)) speech.base64(asText(asObject(part.inlineData)?.data));
  },
};

function partsOf(contents: unknown): JsonObject[] {
  return asList(contents).flatMap((content) => asList(asObject(content)?.parts))
    .map(asObject).filter((part) => part !== undefined);
}

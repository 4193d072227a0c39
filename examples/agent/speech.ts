/** Emulated speech: of each word a tone as long as the word takes to say, then a breath. PCM, 16 bits, 16 kHz. */

/** How long a piece is. */
export const PIECE_SECONDS = 0.02;

const SAMPLES = 16_000 * PIECE_SECONDS;
const SECONDS_PER_CHARACTER = 0.042;
const QUIET = new Uint8Array(2 * SAMPLES);
const LOUD = new Uint8Array(
  Int16Array.from({ length: SAMPLES }, (_, sample) => 8000 * Math.sin(sample / 16_000 * 2 * Math.PI * 200))
    .buffer,
);

/** A piece of what a microphone hears, and the word that begins in it. */
export interface SpeechPiece {
  /** The audio. */
  readonly audio: Uint8Array<ArrayBuffer>;
  /** The word that begins. */
  readonly word?: string | undefined;
}

/** A piece in which nobody speaks. */
export const silence: SpeechPiece = { audio: QUIET };

/** A text as pieces, one after another. */
export function* speak(text: string): Generator<SpeechPiece, void, void> {
  for (const [place, word] of text.split(" ").entries()) {
    if (place > 0) yield silence;
    const pieces = Math.max(3, Math.round(word.length * SECONDS_PER_CHARACTER / PIECE_SECONDS));
    for (let piece = 0; piece < pieces; piece++) yield { audio: LOUD, word: piece === 0 ? word : undefined };
  }
}

/** Whether somebody speaks in a piece. */
export function isLoud(audio: Uint8Array): boolean {
  return audio.some((byte) => byte !== 0);
}

/**
 * How long WAV audio is.
 *
 * @module
 */

import { hasName, meterSteps, type PieceMeter, viewAt } from "./audio_steps.ts";

/** Name and size of a chunk. */
const CHUNK_HEADER_BYTES = 8;

/**
 * WAV. "RIFF", u32 size, "WAVE", then chunks: 4 letters, u32 size, so many bytes and one more if that is odd; numbers
 * are little endian. `fmt `: u16 format, u16 channels, u32 samples per second, u32 bytes per second, u16 bytes per
 * frame, … `data` is the audio; streams leave its size open, with 0 or one that is never reached.
 * {@link https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html}
 */
export function meterWav(): PieceMeter {
  let bytesPerSecond = 0;
  let audioLeft = 0;
  let padding = 0;
  return meterSteps((bytes, at) => {
    const held = bytes.length - at;
    // some providers begin each piece with a header of its own, whatever size the last one promised
    const anew = at === 0 && hasName(bytes, at, "RIFF");
    if (audioLeft > 0 && !anew) {
      const audio = Math.min(audioLeft, held);
      audioLeft -= audio;
      return {
        bytes: audio + (audioLeft === 0 ? padding : 0),
        seconds: bytesPerSecond > 0 ? audio / bytesPerSecond : 0,
      };
    }
    audioLeft = 0;
    if (held < CHUNK_HEADER_BYTES) return undefined;
    const view = viewAt(bytes, at);
    const size = view.getUint32(4, true);
    padding = size % 2;
    if (hasName(bytes, at, "RIFF")) return { bytes: 12, seconds: 0 };
    if (hasName(bytes, at, "data")) {
      audioLeft = size || Infinity;
      return { bytes: CHUNK_HEADER_BYTES, seconds: 0 };
    }
    if (hasName(bytes, at, "fmt ")) {
      if (held < CHUNK_HEADER_BYTES + 14) return undefined;
      bytesPerSecond = view.getUint32(16, true) || view.getUint32(12, true) * view.getUint16(20, true);
    }
    return { bytes: CHUNK_HEADER_BYTES + size + padding, seconds: 0 };
  });
}

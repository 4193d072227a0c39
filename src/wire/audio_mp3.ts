/**
 * How long MP3 audio is.
 *
 * @module
 */

import { type AudioStep, hasName, meterSteps, type PieceMeter, UNKNOWN_BYTE } from "./audio_steps.ts";

const HEADER_BYTES = 4;
const TAG_HEADER_BYTES = 10;

const KBPS_MPEG_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_MPEG_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES_MPEG_1 = [44_100, 48_000, 32_000];

/** Where the name of a frame stands that holds a table of contents and no audio. VBRI has a place of its own. */
const TABLE_OFFSETS = { Xing: [13, 21, 36], Info: [13, 21, 36], VBRI: [36] };

/** Measures MP3: frame after frame, and ID3 tags between them. */
export function meterMp3(): PieceMeter {
  let inStep = false;
  return meterSteps((bytes, at) => {
    const held = bytes.length - at;
    if (held < HEADER_BYTES) return undefined;
    if (hasName(bytes, at, "ID3")) {
      inStep = false;
      return held < TAG_HEADER_BYTES ? undefined : { bytes: tagBytes(bytes, at), seconds: 0 };
    }
    const frame = mp3FrameAt(bytes, at);
    if (frame === undefined) {
      inStep = false;
      return UNKNOWN_BYTE;
    }
    if (inStep) return frame;
    // four bytes can look like a header by chance: the next one must stand where this one says
    if (held < frame.bytes + HEADER_BYTES) return undefined;
    inStep = mp3FrameAt(bytes, at + frame.bytes)?.rate === frame.rate;
    if (!inStep) return UNKNOWN_BYTE;
    return isTable(bytes, at) ? { ...frame, seconds: 0 } : frame;
  });
}

/**
 * ID3 tag: "ID3", u16 version, u8 flags, its size without these ten bytes in 4 × 7 bits.
 * {@link https://id3.org/id3v2.4.0-structure}
 */
function tagBytes(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = bytes.subarray(at + 6, at + TAG_HEADER_BYTES);
  return TAG_HEADER_BYTES + ((a! & 127) << 21 | (b! & 127) << 14 | (c! & 127) << 7 | (d! & 127));
}

/**
 * Frame header, in bits: 11 sync, 2 version (3 = MPEG 1, 2 = MPEG 2, 0 = MPEG 2.5), 2 layer (1 = III), 1 protection, 4
 * bit rate, 2 sample rate, 1 padding, … A frame has 1152 samples in MPEG 1, 576 in the others.
 * {@link http://www.mp3-tech.org/programmer/frame_header.html}
 */
export function mp3FrameAt(bytes: Uint8Array, at: number): AudioStep & { readonly rate: number } | undefined {
  const [b0, b1, b2] = bytes.subarray(at, at + 3);
  if (b0 !== 0xff || (b1! & 0xe6) !== 0xe2) return undefined; // sync, layer III
  const version = b1! >> 3 & 3;
  const kbps = (version === 3 ? KBPS_MPEG_1 : KBPS_MPEG_2)[b2! >> 4];
  const base = RATES_MPEG_1[b2! >> 2 & 3];
  if (version === 1 || !kbps || base === undefined) return undefined;
  const rate = version === 3 ? base : version === 2 ? base / 2 : base / 4;
  const samples = version === 3 ? 1152 : 576;
  const padding = b2! >> 1 & 1;
  return { bytes: Math.floor(samples / 8 * kbps * 1000 / rate) + padding, seconds: samples / rate, rate };
}

function isTable(bytes: Uint8Array, at: number): boolean {
  return Object.entries(TABLE_OFFSETS).some(([name, offsets]) =>
    offsets.some((offset) => hasName(bytes, at + offset, name))
  );
}

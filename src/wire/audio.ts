/**
 * How long audio is, told from its bytes. Nothing is decoded and nothing kept but a header's worth.
 *
 * @module
 */

/** How audio is coded. `container` formats say the rest themselves. */
export type AudioEncoding =
  | "pcm_s16"
  | "pcm_s24"
  | "pcm_s32"
  | "pcm_f32"
  | "mulaw"
  | "alaw"
  | "wav"
  | "mp3"
  | "ogg";

/** What is known of audio beforehand. */
export interface AudioShape {
  /** How it is coded; found out from its first bytes when absent. */
  readonly encoding?: AudioEncoding | undefined;
  /** Samples per second, of raw encodings. */
  readonly sampleRate?: number | undefined;
  /**
   * Channels, of raw encodings.
   *
   * @default 1
   */
  readonly channels?: number | undefined;
}

/** Measures a stream of audio. */
export interface AudioMeter {
  /** How many seconds the next bytes add. */
  push(bytes: Uint8Array): number;
  /** The same for base64 text. */
  pushBase64(text: string): number;
  /** The same where only the number of bytes is known: raw encodings need no more, containers add nothing. */
  pushSize(size: number): number;
}

const BYTES_PER_SAMPLE: Readonly<Partial<Record<AudioEncoding, number>>> = {
  pcm_s16: 2,
  pcm_s24: 3,
  pcm_s32: 4,
  pcm_f32: 4,
  mulaw: 1,
  alaw: 1,
};

/** Bytes that tell what a container is. */
const SNIFFED_BYTES = 4;

/** Bytes that a header may take before the meter gives up. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Creates a meter. One that does not know enough measures nothing: 0 seconds, always. */
export function measureAudio(shape: AudioShape): AudioMeter {
  const raw = shape.encoding && BYTES_PER_SAMPLE[shape.encoding];
  return raw !== undefined ? rawMeter(raw, shape) : containerMeter(shape);
}

function rawMeter(bytesPerSample: number, { sampleRate, channels = 1 }: AudioShape): AudioMeter {
  const perByte = sampleRate ? 1 / (bytesPerSample * channels * sampleRate) : 0;
  return {
    push: (bytes) => bytes.length * perByte,
    pushBase64: (text) => base64Bytes(text) * perByte,
    pushSize: (size) => size * perByte,
  };
}

/** How many bytes base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor((text.length - padding) * 3 / 4);
}

function containerMeter(shape: AudioShape): AudioMeter {
  let meter: ((bytes: Uint8Array) => number) | undefined;
  let head = new Uint8Array(0);
  const push = (bytes: Uint8Array): number => {
    if (meter !== undefined) return meter(bytes);
    head = append(head, bytes);
    if (shape.encoding === undefined && head.length < SNIFFED_BYTES) return 0;
    meter = meterOf(shape.encoding ?? sniff(head), shape);
    const all = head;
    head = new Uint8Array(0);
    return meter(all);
  };
  return { push, pushBase64: (text) => push(decodeBase64(text)), pushSize: () => 0 };
}

function meterOf(encoding: AudioEncoding | undefined, shape: AudioShape): (bytes: Uint8Array) => number {
  if (encoding === "wav") return wavMeter();
  if (encoding === "mp3") return mp3Meter();
  if (encoding === "ogg") return oggMeter();
  // headerless: 16 bit is what all who send it without saying so send
  if (encoding === undefined && shape.sampleRate) return rawMeter(2, shape).push;
  return () => 0;
}

function sniff(bytes: Uint8Array): AudioEncoding | undefined {
  if (startsWith(bytes, "RIFF")) return "wav";
  if (startsWith(bytes, "OggS")) return "ogg";
  // layer III: that of AAC is 0
  if (startsWith(bytes, "ID3") || (bytes[0] === 0xff && (bytes[1]! & 0xe6) === 0xe2)) return "mp3";
  return undefined;
}

/**
 * WAV. Header: "RIFF" u32 size "WAVE", then chunks of a 4-letter name, a u32 size and that many bytes, all little
 * endian. `fmt `: u16 format, u16 channels, u32 sample rate, u32 bytes per second, … `data` is the audio; streams
 * leave its size open.
 */
function wavMeter(): (bytes: Uint8Array) => number {
  let header = new Uint8Array(0);
  let bytesPerSecond = 0;
  let inData = false;
  return (bytes) => {
    // some providers begin each piece with a header of its own
    if (inData && startsWith(bytes, "RIFF")) {
      inData = false;
      header = new Uint8Array(0);
    }
    if (inData) return bytesPerSecond ? bytes.length / bytesPerSecond : 0;
    header = append(header, bytes);
    let at = 12;
    while (at + 8 <= header.length) {
      const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
      const size = view.getUint32(at + 4, true);
      if (nameAt(header, at) === "fmt " && at + 20 <= header.length) {
        bytesPerSecond = view.getUint32(at + 16, true);
      }
      if (nameAt(header, at) === "data") {
        inData = true;
        const audio = header.length - at - 8;
        header = new Uint8Array(0);
        return bytesPerSecond ? audio / bytesPerSecond : 0;
      }
      at += 8 + size + size % 2;
    }
    if (header.length > MAX_HEADER_BYTES) inData = true;
    return 0;
  };
}

const MP3_KBPS_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MP3_KBPS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MP3_RATES = [44100, 48000, 32000];

/**
 * MP3. Frame header, 4 bytes: 11 bits sync, 2 version (3 = MPEG 1, 2 = MPEG 2, 0 = MPEG 2.5), 2 layer (1 = III), 1
 * protection, 4 bit rate, 2 sample rate, 1 padding, … A frame has 1152 samples in MPEG 1, 576 in the others. An ID3
 * tag before it: "ID3", 3 bytes, then its size in 4 × 7 bits.
 */
function mp3Meter(): (bytes: Uint8Array) => number {
  let rest = new Uint8Array(0);
  let skip = 0;
  return (bytes) => {
    let seconds = 0;
    if (skip >= bytes.length) {
      skip -= bytes.length;
      return 0;
    }
    const all = append(rest, bytes.subarray(skip));
    skip = 0;
    let at = 0;
    while (at + 10 <= all.length) {
      const frame = startsWith(all.subarray(at), "ID3") ? id3Frame(all, at) : mp3Frame(all, at);
      if (frame === undefined) {
        at++;
        continue;
      }
      seconds += frame.seconds;
      at += frame.bytes;
    }
    skip = Math.max(0, at - all.length);
    rest = all.slice(at);
    return seconds;
  };
}

function id3Frame(bytes: Uint8Array, at: number): { bytes: number; seconds: number } {
  const [a, b, c, d] = bytes.subarray(at + 6, at + 10);
  return { bytes: 10 + ((a! & 127) << 21 | (b! & 127) << 14 | (c! & 127) << 7 | (d! & 127)), seconds: 0 };
}

function mp3Frame(bytes: Uint8Array, at: number): { bytes: number; seconds: number } | undefined {
  const [b0, b1, b2] = bytes.subarray(at, at + 3);
  if (b0 !== 0xff || (b1! & 0xe6) !== 0xe2) return undefined; // sync, layer III
  const version = b1! >> 3 & 3;
  const kbps = (version === 3 ? MP3_KBPS_V1 : MP3_KBPS_V2)[b2! >> 4];
  const base = MP3_RATES[b2! >> 2 & 3];
  if (version === 1 || !kbps || base === undefined) return undefined;
  const rate = version === 3 ? base : version === 2 ? base / 2 : base / 4;
  const samples = version === 3 ? 1152 : 576;
  return { bytes: Math.floor(samples / 8 * kbps * 1000 / rate) + (b2! >> 1 & 1), seconds: samples / rate };
}

/**
 * Ogg Opus. Page header: "OggS", u8 version, u8 flags, u64 granule (samples at 48 kHz, to the end of the page), u32
 * serial, u32 sequence, u32 checksum, u8 number of segments, their sizes. The granule of a page says how far it goes.
 */
function oggMeter(): (bytes: Uint8Array) => number {
  let rest = new Uint8Array(0);
  let skip = 0;
  let reached = 0;
  return (bytes) => {
    if (skip >= bytes.length) {
      skip -= bytes.length;
      return 0;
    }
    const all = append(rest, bytes.subarray(skip));
    skip = 0;
    const before = reached;
    let at = 0;
    while (at + 27 <= all.length && at + 27 + all[at + 26]! <= all.length) {
      if (!startsWith(all.subarray(at), "OggS")) {
        at++;
        continue;
      }
      const view = new DataView(all.buffer, all.byteOffset + at, 14);
      const granule = Number(view.getBigInt64(6, true)) / 48_000;
      if (granule > 0) reached = Math.max(reached, granule);
      const segments = all[at + 26]!;
      at += 27 + segments + all.subarray(at + 27, at + 27 + segments).reduce((sum, size) => sum + size, 0);
    }
    skip = Math.max(0, at - all.length);
    rest = all.slice(at);
    return reached - before;
  };
}

function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}

function append(before: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(before.length + bytes.length);
  all.set(before);
  all.set(bytes, before.length);
  return all;
}

function startsWith(bytes: Uint8Array, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[i] !== name.charCodeAt(i)) return false;
  return true;
}

function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type AudioShape, measureAudio } from "../../src/wire/audio.ts";
import { everyCut, seededRandom } from "../support/cuts.ts";

const MICROSECOND = 1e-6;

function join(...parts: (Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, "latin1"))));
}

function secondsOf(pieces: readonly Uint8Array[], shape: AudioShape = {}): number {
  const meter = measureAudio(shape);
  return pieces.reduce((sum, piece) => sum + meter.push(piece), 0);
}

function assertSeconds(seconds: number, expected: number, name = ""): void {
  assert.ok(Math.abs(seconds - expected) < MICROSECOND, `${name}: ${seconds} s, expected ${expected} s`);
}

/** However the bytes are cut, and whether or not the coding is known beforehand. */
function assertEveryCut(bytes: Uint8Array, expected: number, shape: AudioShape): void {
  for (const [name, pieces] of everyCut(bytes)) {
    const copies = pieces.map((piece) => piece.slice());
    assertSeconds(secondsOf(pieces, shape), expected, name);
    assertSeconds(secondsOf(copies, {}), expected, `${name}, coding unknown`);
  }
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24);
}

const noise = (length: number, seed = 1): Uint8Array => {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => random() * 256);
};

Deno.test("measureAudio() counts samples of raw encodings", () => {
  const raw: [AudioShape, number, number][] = [
    [{ encoding: "pcm_s16", sampleRate: 24_000 }, 48_000, 1],
    [{ encoding: "pcm_s16", sampleRate: 24_000, channels: 2 }, 48_000, 0.5],
    [{ encoding: "pcm_s24", sampleRate: 16_000 }, 48_000, 1],
    [{ encoding: "pcm_s32", sampleRate: 48_000 }, 96_000, 0.5],
    [{ encoding: "pcm_f32", sampleRate: 44_100 }, 176_400, 1],
    [{ encoding: "mulaw", sampleRate: 8000 }, 160, 0.02],
    [{ encoding: "alaw", sampleRate: 8000 }, 12_000, 1.5],
    [{ sampleRate: 16_000 }, 32_000, 1], // 16 bit unless the bytes say otherwise
  ];
  for (const [shape, bytes, expected] of raw) {
    const name = JSON.stringify(shape);
    assertSeconds(secondsOf([new Uint8Array(bytes)], shape), expected, name);
    const odd = [1, 2, 3, bytes - 6].map((length) => new Uint8Array(length));
    assertSeconds(secondsOf(odd, shape), expected, `${name}, cut within samples`);
  }
});

Deno.test("measureAudio() counts raw encodings by size alone, and adds nothing for containers", () => {
  assertSeconds(measureAudio({ encoding: "mulaw", sampleRate: 8000 }).pushSize(4000), 0.5);
  for (const encoding of ["wav", "mp3", "ogg"] as const) {
    assert.equal(measureAudio({ encoding }).pushSize(4000), 0);
  }
});

Deno.test("measureAudio() measures nothing when it does not know enough", () => {
  for (const shape of [{}, { encoding: "pcm_s16" }, { encoding: "mulaw", sampleRate: 0 }] as const) {
    const meter = measureAudio(shape);
    assert.deepEqual([meter.push(new Uint8Array(48_000)), meter.pushBase64("AAAAAAAA")], [0, 0]);
  }
});

Deno.test("measureAudio() takes loud 16-bit samples for what they are", () => {
  const quiet = new Uint8Array(new Int16Array(1600).fill(-1).buffer); // ff ff ff ff
  assertSeconds(secondsOf([quiet], { sampleRate: 16_000 }), 0.1);
});

Deno.test("measureAudio() reads base64 in all its forms", () => {
  const bytes = noise(2 * 1000 + 1); // padded with two signs
  const text = Buffer.from(bytes).toString("base64");
  const forms = [
    text,
    text.replaceAll("=", ""),
    Buffer.from(bytes).toString("base64url"),
    text.replace(/(.{76})/g, "$1\r\n"),
  ];
  const wav = wavFile({ audio: bytes });
  const wavText = Buffer.from(wav).toString("base64");
  for (const form of forms) {
    assertSeconds(measureAudio({ encoding: "mulaw", sampleRate: 8000 }).pushBase64(form), 2001 / 8000);
  }
  for (const form of [wavText, wavText.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")]) {
    assertSeconds(measureAudio({}).pushBase64(form), 2001 / 32_000);
  }
  for (let length = 0; length < 9; length++) {
    const short = Buffer.alloc(length).toString("base64");
    assertSeconds(measureAudio({ encoding: "alaw", sampleRate: 1 }).pushBase64(short), length);
  }
  assert.equal(measureAudio({ encoding: "mp3" }).pushBase64("not base64!"), 0);
});

interface WavOptions {
  readonly audio?: Uint8Array;
  readonly rate?: number;
  readonly size?: number;
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
  readonly byteRate?: number;
  readonly format?: Uint8Array;
}

/** A WAV file of 16-bit mono. */
function wavFile(options: WavOptions = {}): Uint8Array {
  const { audio = noise(1000), rate = 16_000, size = audio.length, byteRate = rate * 2 } = options;
  const { before = new Uint8Array(), after = new Uint8Array(), format = new Uint8Array() } = options;
  const fmt = join(u16(1), u16(1), u32(rate), u32(byteRate), u16(2), u16(16), format);
  const riffSize = u32(size === audio.length ? 36 + before.length + size + after.length : 0xffffffff);
  return join(
    "RIFF",
    riffSize,
    "WAVE",
    before,
    "fmt ",
    u32(fmt.length),
    fmt,
    "data",
    u32(size),
    audio,
    after,
  );
}

const chunk = (name: string, bytes: Uint8Array): Uint8Array =>
  join(name, u32(bytes.length), bytes, new Uint8Array(bytes.length % 2));

const wavs: Record<string, [file: Uint8Array, seconds: number]> = {
  "plain": [wavFile(), 1000 / 32_000],
  "24 kHz": [wavFile({ rate: 24_000 }), 1000 / 48_000],
  "with an open size": [wavFile({ size: 0xffffffff }), 1000 / 32_000],
  "with a size of 0": [wavFile({ size: 0 }), 1000 / 32_000],
  "with more promised than there is": [wavFile({ size: 0x7fffffff }), 1000 / 32_000],
  "with a chunk before": [wavFile({ before: chunk("LIST", noise(31)) }), 1000 / 32_000],
  "with a longer format": [wavFile({ format: noise(24) }), 1000 / 32_000],
  "with chunks after": [
    wavFile({ after: join(chunk("LIST", noise(40)), chunk("id3 ", noise(33))) }),
    1000 / 32_000,
  ],
  "of odd length": [
    wavFile({ audio: noise(501), after: join("\0", chunk("LIST", noise(20))) }),
    501 / 32_000,
  ],
  "without a byte rate": [wavFile({ byteRate: 0 }), 1000 / 32_000],
  "twice over": [join(wavFile(), wavFile({ rate: 8000 })), 1000 / 32_000 + 1000 / 16_000],
};

for (const [name, [file, expected]] of Object.entries(wavs)) {
  Deno.test(`measureAudio() measures WAV ${name}, however it is cut`, () => {
    assertEveryCut(file, expected, { encoding: "wav" });
  });
}

Deno.test("measureAudio() measures WAV whose pieces have each a header, whatever its size says", () => {
  for (const size of [500, 0, 0xffffffff, 9999]) {
    const pieces = [8000, 16_000, 24_000].map((rate) => wavFile({ audio: noise(500), rate, size }));
    assertSeconds(secondsOf(pieces), 500 / 16_000 + 500 / 32_000 + 500 / 48_000, `size ${size}`);
  }
});

Deno.test("measureAudio() passes over large WAV chunks without keeping them", () => {
  const file = wavFile({ before: chunk("LIST", new Uint8Array(1_000_000)) });
  const pieces = Array.from({ length: 100 }, (_, i) => file.subarray(i * 10_100, (i + 1) * 10_100));
  assertSeconds(secondsOf(pieces), 1000 / 32_000);
});

type Version = 1 | 2 | 2.5;

const MP3: Record<Version, { bits: number; kbps: number[]; rates: number[]; samples: number }> = {
  1: {
    bits: 3,
    kbps: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    rates: [44_100, 48_000, 32_000],
    samples: 1152,
  },
  2: {
    bits: 2,
    kbps: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    rates: [22_050, 24_000, 16_000],
    samples: 576,
  },
  2.5: {
    bits: 0,
    kbps: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    rates: [11_025, 12_000, 8000],
    samples: 576,
  },
};

/** One frame of Layer III, filled with what is no header. */
function mp3Frame(
  version: Version,
  kbps: number,
  rate: number,
  { padded = false, crc = false } = {},
): Uint8Array {
  const { bits, kbps: table, rates, samples } = MP3[version];
  const bytes = Math.floor(samples * kbps * 125 / rate) + Number(padded);
  const header = Uint8Array.of(
    0xff,
    0xe0 | bits << 3 | 1 << 1 | Number(!crc),
    table.indexOf(kbps) << 4 | rates.indexOf(rate) << 2 | Number(padded) << 1,
    0xc4,
  );
  return join(header, new Uint8Array(bytes - 4).fill(0x55));
}

function id3Tag(bytes: number): Uint8Array {
  const size = [21, 14, 7, 0].map((shift) => bytes >> shift & 127);
  return join("ID3", Uint8Array.of(4, 0, 0, ...size), noise(bytes));
}

/** The frame that encoders put first: a table, and silence. */
function withTable(frame: Uint8Array, name: string, offset: number): Uint8Array {
  const table = frame.slice().fill(0, 4);
  table.set(Buffer.from(name), offset);
  return table;
}

const mp3s: Record<string, [file: Uint8Array, seconds: number]> = {
  "of MPEG 1": [join(...Array(4).fill(mp3Frame(1, 128, 44_100))), 4 * 1152 / 44_100],
  "of MPEG 2": [join(...Array(4).fill(mp3Frame(2, 64, 24_000))), 4 * 576 / 24_000],
  "of MPEG 2.5": [join(...Array(4).fill(mp3Frame(2.5, 16, 8000))), 4 * 576 / 8000],
  "with padding, as 128 kbit/s at 44.1 kHz need it": [
    join(...[0, 1, 1, 0, 1].map((padded) => mp3Frame(1, 128, 44_100, { padded: padded === 1 }))),
    5 * 1152 / 44_100,
  ],
  "with checksums": [join(...Array(3).fill(mp3Frame(1, 64, 48_000, { crc: true }))), 3 * 1152 / 48_000],
  "of variable rate": [
    join(...[32, 320, 128, 40, 256].map((kbps) => mp3Frame(1, kbps, 48_000))),
    5 * 1152 / 48_000,
  ],
  "after a tag": [join(id3Tag(300), ...Array(3).fill(mp3Frame(2, 32, 16_000))), 3 * 576 / 16_000],
  "with a tag before each part": [
    join(...Array(3).fill(join(id3Tag(45), ...Array(3).fill(mp3Frame(1, 64, 44_100))))),
    9 * 1152 / 44_100,
  ],
  "with a table of contents": [
    join(withTable(mp3Frame(1, 128, 44_100), "Xing", 36), ...Array(3).fill(mp3Frame(1, 128, 44_100))),
    3 * 1152 / 44_100,
  ],
  "with a table in mono": [
    join(withTable(mp3Frame(2, 64, 24_000), "Info", 13), ...Array(3).fill(mp3Frame(2, 64, 24_000))),
    3 * 576 / 24_000,
  ],
  "with its end cut off": [
    join(...Array(3).fill(mp3Frame(1, 128, 44_100)), mp3Frame(1, 128, 44_100).subarray(0, 100)),
    4 * 1152 / 44_100,
  ],
};

for (const [name, [file, expected]] of Object.entries(mp3s)) {
  Deno.test(`measureAudio() measures MP3 ${name}, however it is cut`, () => {
    assertEveryCut(file, expected, { encoding: "mp3" });
  });
}

Deno.test("measureAudio() knows every bit rate and sample rate of Layer III", () => {
  for (const version of [1, 2, 2.5] as const) {
    const { kbps, rates, samples } = MP3[version];
    for (const rate of rates) {
      for (const rateOfBits of kbps.slice(1)) {
        const file = join(...Array(3).fill(mp3Frame(version, rateOfBits, rate)));
        assertSeconds(
          secondsOf([file]),
          3 * samples / rate,
          `MPEG ${version}, ${rateOfBits} kbit/s, ${rate} Hz`,
        );
      }
    }
  }
});

Deno.test("measureAudio() finds MP3 frames again after bytes that are none", () => {
  const frame = mp3Frame(1, 128, 44_100);
  const file = join(noise(777), frame, frame, frame, new Uint8Array(50).fill(0xff), frame, frame);
  assertSeconds(secondsOf([file], { encoding: "mp3" }), 5 * 1152 / 44_100);
});

interface OggPage {
  readonly granule: number;
  readonly flags?: number;
  readonly packet: Uint8Array;
}

function oggPage({ granule, flags = 0, packet }: OggPage): Uint8Array {
  const granules = new Uint8Array(new BigInt64Array([BigInt(granule)]).buffer);
  const sizes = Uint8Array.from(
    { length: Math.floor(packet.length / 255) + 1 },
    (_, i) => Math.min(255, packet.length - i * 255),
  );
  const header = join("OggS", Uint8Array.of(0, flags), granules, u32(7), u32(0), u32(0x12345678));
  return join(header, Uint8Array.of(sizes.length), sizes, packet);
}

function opusHead(skip: number): Uint8Array {
  return join("OpusHead", Uint8Array.of(1, 1), u16(skip), u32(24_000), u16(0), Uint8Array.of(0));
}

const beginOpus = (skip: number): Uint8Array => oggPage({ granule: 0, flags: 2, packet: opusHead(skip) });
const tags = oggPage({ granule: 0, packet: join("OpusTags", noise(40)) });
const opus = (granule: number, bytes = 120): Uint8Array => oggPage({ granule, packet: noise(bytes) });
const beginVorbis = (rate: number): Uint8Array =>
  oggPage({
    granule: 0,
    flags: 2,
    packet: join("\x01vorbis", u32(0), Uint8Array.of(1), u32(rate), noise(14)),
  });

const oggs: Record<string, [file: Uint8Array, seconds: number]> = {
  "Opus": [join(beginOpus(0), tags, opus(960), opus(48_000), opus(72_000)), 1.5],
  "Opus with samples to skip": [join(beginOpus(312), tags, opus(24_312), opus(48_312)), 1],
  "Opus in large pages": [join(beginOpus(312), tags, opus(24_312, 700), opus(48_312, 1020)), 1],
  "Opus whose packets go over pages": [join(beginOpus(0), tags, opus(-1, 510), opus(48_000)), 1],
  "Opus, one stream after another": [
    join(beginOpus(0), tags, opus(48_000), beginOpus(312), tags, opus(24_312)),
    1.5,
  ],
  "Vorbis": [join(beginVorbis(44_100), opus(22_050), opus(44_100)), 1],
};

for (const [name, [file, expected]] of Object.entries(oggs)) {
  Deno.test(`measureAudio() measures Ogg ${name}, however it is cut`, () => {
    assertEveryCut(file, expected, { encoding: "ogg" });
  });
}

Deno.test("measureAudio() measures no Ogg whose coding it does not know", () => {
  const flac = oggPage({ granule: 0, flags: 2, packet: join("\x7fFLAC", noise(46)) });
  assert.equal(secondsOf([join(flac, opus(48_000))]), 0);
  assert.equal(secondsOf([join(opus(48_000), opus(96_000))], { encoding: "ogg" }), 0);
});

Deno.test("measureAudio() finds Ogg pages again after bytes that are none", () => {
  const file = join(beginOpus(0), tags, opus(24_000), noise(333), opus(48_000));
  assertSeconds(secondsOf([file]), 1);
});

Deno.test("measureAudio() measures next to nothing in garbage, and keeps next to nothing of it", () => {
  for (const encoding of ["wav", "mp3", "ogg", undefined] as const) {
    for (let seed = 1; seed <= 5; seed++) {
      const garbage = noise(200_000, seed);
      const seconds = secondsOf([garbage, new Uint8Array(0), garbage.subarray(7, 9), garbage], { encoding });
      assert.ok(seconds < 0.5, `${encoding}, seed ${seed}: ${seconds} s`);
    }
  }
  for (const start of ["RIFF", "OggS\0\x02", "ID3\x04", "fmt ", "data", "\xff\xfb\x90"]) {
    const meter = measureAudio({});
    for (const [, pieces] of everyCut(join(start, new Uint8Array(60).fill(255)), 3)) {
      for (const piece of pieces) assert.ok(meter.push(piece) >= 0);
    }
  }
});

Deno.test("measureAudio() does not hold on to the caller's bytes", () => {
  for (const [file, expected] of [wavs["plain"]!, mp3s["of variable rate"]!, oggs["Opus"]!]) {
    const meter = measureAudio({});
    const buffer = new Uint8Array(37);
    let seconds = 0;
    for (let at = 0; at < file.length; at += buffer.length) {
      const piece = file.subarray(at, at + buffer.length);
      buffer.set(piece);
      seconds += meter.push(buffer.subarray(0, piece.length));
      buffer.fill(0xaa);
    }
    assertSeconds(seconds, expected);
  }
});

/**
 * How long Ogg audio is.
 *
 * @module
 */

import { hasName, meterSteps, type PieceMeter, UNKNOWN_BYTE, viewAt } from "./audio_steps.ts";

const PAGE_HEADER_BYTES = 27;
const BEGINS_STREAM = 2;

/**
 * Ogg. Page header, little endian: "OggS", u8 version, u8 flags, i64 granule, u32 serial, u32 sequence, u32 checksum, u8
 * number of segments, then their sizes, one byte each. The granule says how far the stream goes with this page, in
 * samples; -1 when no packet ends on it.
 * {@link https://www.rfc-editor.org/rfc/rfc3533#section-6}
 */
export function meterOgg(): PieceMeter {
  let rate = 0;
  let reached = 0;
  return meterSteps((bytes, at) => {
    const held = bytes.length - at;
    if (held < PAGE_HEADER_BYTES) return undefined;
    if (!hasName(bytes, at, "OggS")) return UNKNOWN_BYTE;
    const view = viewAt(bytes, at);
    const headerBytes = PAGE_HEADER_BYTES + view.getUint8(26);
    if (held < headerBytes) return undefined;
    const sizes = bytes.subarray(at + PAGE_HEADER_BYTES, at + headerBytes);
    const pageBytes = headerBytes + sizes.reduce((sum, size) => sum + size, 0);
    if (view.getUint8(5) & BEGINS_STREAM) {
      if (held < pageBytes) return undefined;
      ({ rate, first: reached } = readHead(bytes, at + headerBytes));
    }
    const granule = Number(view.getBigInt64(6, true));
    const samples = Math.max(0, granule - reached);
    reached += samples;
    return { bytes: pageBytes, seconds: rate > 0 ? samples / rate : 0 };
  });
}

/**
 * The first packet, little endian. Opus: "OpusHead", u8 version, u8 channels, u16 samples to skip at 48 kHz, which is
 * the rate of its granules; … Vorbis: "\x01vorbis", u32 version, u8 channels, u32 samples per second; …
 * {@link https://www.rfc-editor.org/rfc/rfc7845#section-5.1}
 * {@link https://xiph.org/vorbis/doc/Vorbis_I_spec.html#x1-630004.2.2}
 */
function readHead(bytes: Uint8Array, at: number): { readonly rate: number; readonly first: number } {
  const view = viewAt(bytes, at);
  if (hasName(bytes, at, "OpusHead") && view.byteLength >= 12) {
    return { rate: 48_000, first: view.getUint16(10, true) };
  }
  if (hasName(bytes, at, "\x01vorbis") && view.byteLength >= 16) {
    return { rate: view.getUint32(12, true), first: 0 };
  }
  return { rate: 0, first: 0 }; // a coding whose granules we cannot tell
}

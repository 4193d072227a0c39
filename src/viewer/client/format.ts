/** A duration as people read it. */
export function formatSeconds(seconds: number): string {
  const milliseconds = seconds * 1000;
  if (Math.abs(milliseconds) < 9.95) return `${Number(milliseconds.toFixed(1))} ms`;
  if (Math.abs(milliseconds) < 999.5) return `${Math.round(milliseconds)} ms`;
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${pad(minutes)} min`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${pad(rest)} s`;
}

/** A place within a conversation: `01:07.3`. */
export function formatOffset(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  return `${pad(Math.floor(tenths / 600))}:${pad(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
}

/** The time of day. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** How long ago, in words that stay true for a while. */
export function formatAgo(ms: number, now: number): string {
  const seconds = Math.max(0, (now - ms) / 1000);
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(ms).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** A time that cannot be misread: UTC, as a support desk wants it. */
export function formatUtc(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : "";
}

/** A count: `1,204`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** A count that needs little room: `12.4k`. */
export function formatShort(count: number): string {
  if (Math.abs(count) < 1000) return String(Number(count.toFixed(count < 10 ? 2 : 1)));
  if (Math.abs(count) < 1e6) return `${Number((count / 1e3).toFixed(1))}k`;
  return `${Number((count / 1e6).toFixed(2))}M`;
}

/** A share: `3.1 %`; of nothing there is none. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? "–" : `${Number((part / whole * 100).toFixed(1))} %`;
}

/** `1 turn`, `2 turns`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Text that can be seen: what would turn the direction of writing or move a cursor is shown as its code. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu,
    (c) => c === "\n" || c === "\t" ? c : `\\u${code(c)}`,
  );
}

function code(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}

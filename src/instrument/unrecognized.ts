/**
 * Calls that look like those of a provider and fit no route: told once for each host, so that a missing span has a
 * reason that can be found.
 *
 * @module
 */

import { logWarning } from "../telemetry/diagnostics.ts";

/** Told of a call or socket that is not recognized. */
export type NoticeUnrecognized = (method: "POST" | "GET", url: URL) => void;

/** Ends of paths that models, voices and recognizers have at most providers. */
const CALL =
  /[/:](?:chat\/completions|completions|responses|messages|embeddings|generate|generateContent|streamGenerateContent|converse|converse-stream|invoke|chat|infer|predict|text-to-speech(?:\/[^/]+)?(?:\/stream)?|audio\/(?:speech|transcriptions|translations)|synthesize|tts|stt|speech|speak|listen|transcribe|recognize)$/i;

/** Ends of paths that their sockets have. */
const SOCKET = /[/:](?:realtime|listen|speak|tts|stt|stream-input|websocket|transcribe|recognize|ws\/v\d)$/i;

/** Hosts beyond this are not told of: who calls so many is not setting telemetry up. */
const MAX_HOSTS = 32;

/** Creates what tells, once for each host. */
export function createUnrecognized(tell: (text: string) => void = logWarning): NoticeUnrecognized {
  const told = new Set<string>();
  return (method, { host, pathname, protocol }) => {
    const looks = method === "POST" ? CALL : SOCKET;
    if (!looks.test(pathname) || told.has(host) || told.size >= MAX_HOSTS) return;
    told.add(host);
    tell(
      `${method} ${protocol}//${host}${pathname} looks like a call of an AI provider, but no route fits it, so it ` +
        "leaves no span. explainUrl() says what is known of a URL; openaiCompatible() makes a row for a server of " +
        "your own",
    );
  };
}

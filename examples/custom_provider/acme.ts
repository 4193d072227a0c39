/** A provider that the library does not know: what its bytes say, and where they come from. */

import type { HttpFormat, Provider } from "@teespan/teespan";

/** One event of Acme's stream: JSON, a line each. */
interface AcmeEvent {
  readonly text?: string;
  readonly run?: string;
  readonly error?: string;
  readonly tokens?: { readonly in: number; readonly out: number };
}

/** Reads Acme's lines. What cannot be read is counted, and harms nobody. */
const acmeLines: HttpFormat = {
  name: "acme_lines",
  request({ json }) {
    const { model } = Object(json) as { readonly model?: string };
    return { operationName: "chat", requestModel: model, streamed: true };
  },
  read(_response, sink) {
    const decoder = new TextDecoder();
    let rest = "";
    const readLine = (line: string): void => {
      let event: AcmeEvent;
      try {
        event = JSON.parse(line);
      } catch {
        return sink.unread();
      }
      const { text, run, error, tokens } = event;
      if (run !== undefined) sink.noteRequestId(run, "response");
      if (text) sink.output("text");
      if (error !== undefined) sink.fail({ type: error });
      if (tokens !== undefined) sink.note({ inputTokens: tokens.in, outputTokens: tokens.out });
    };
    return {
      push(chunk) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        // a line without an end must not cost memory without one
        if (rest.length > 65_536) {
          rest = "";
          sink.unread();
        }
        for (const line of lines) if (line !== "") readLine(line);
      },
      end: () => rest === "" ? undefined : readLine(rest),
    };
  },
};

/** Acme's row. */
export const acme: Provider = {
  name: "acme",
  hosts: ["llm.acme.example", "*.llm.acme.example"],
  routes: [{ method: "POST", path: "/v2/generate", operation: "llm", format: acmeLines }],
  requestIdHeaders: ["x-acme-request"],
  streamedUsage: "always",
  evidence: "https://acme.example/docs/streaming",
  verifiedBy: ["documentation only"],
};

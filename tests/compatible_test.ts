import assert from "node:assert/strict";
import { type OpenAICompatible, openaiCompatible } from "../src/compatible.ts";
import { createMatcher } from "../src/match.ts";
import { providers } from "../src/providers/mod.ts";
import { chatRoute } from "../src/routes.ts";
import { recordings } from "./support/recordings.ts";

const formatAt = (path: string, options: Partial<OpenAICompatible> = {}): string | undefined => {
  const row = openaiCompatible({ name: "acme", host: "llm.acme.example", ...options });
  return createMatcher([row])("POST", new URL(`https://llm.acme.example${path}`))?.route.format.name;
};

Deno.test("openaiCompatible() knows OpenAI's formats by the end of the path", () => {
  assert.equal(formatAt("/v1/chat/completions"), "openai_chat");
  assert.equal(formatAt("/v1/completions"), "openai_completions");
  assert.equal(formatAt("/v1/responses"), "openai_responses");
  assert.equal(formatAt("/v1/messages"), undefined);
  assert.equal(formatAt("/v1/responses/resp_1/cancel"), undefined);
});

Deno.test("openaiCompatible() knows the formats that are named, chat before completions in whatever order", () => {
  const formats = ["messages", "completions", "chat"] as const;
  assert.equal(formatAt("/v1/chat/completions", { formats }), "openai_chat");
  assert.equal(formatAt("/v1/completions", { formats }), "openai_completions");
  assert.equal(formatAt("/v1/messages", { formats }), "anthropic_messages");
  assert.equal(formatAt("/v1/responses", { formats }), undefined);
  assert.equal(formatAt("/v1/audio/transcriptions", { formats }), undefined);
  for (const path of ["/v1/audio/transcriptions", "/v1/audio/translations"]) {
    assert.equal(formatAt(path, { formats: ["transcriptions"] }), "openai_transcription");
  }
});

Deno.test("openaiCompatible() looks at the other routes first", () => {
  const routes = [chatRoute({}, "/fim/completions")];
  assert.equal(formatAt("/v1/fim/completions", { routes }), "openai_chat");
  assert.equal(formatAt("/v1/completions", { routes }), "openai_completions");
});

Deno.test("openaiCompatible() throws when a format is unknown", () => {
  assert.throws(() => formatAt("/", { formats: ["chart" as "chat"] }), {
    name: "TypeError",
    message:
      'Cannot make a row as formats must be of chat, completions, responses, messages, speech, transcriptions: current value is "chart"',
  });
});

Deno.test({
  name: "every recorded call in OpenAI's formats is recognized as what it is",
  ignore: recordings.length === 0,
  fn() {
    const match = createMatcher(providers);
    const wrong = recordings.filter(({ truth }) => truth.format.startsWith("openai-"))
      .filter(({ url }) => !url.includes("generativelanguage.googleapis.com"))
      .filter(({ method, url, truth }) =>
        match(method, new URL(url))?.route.format.name !== truth.format.replace("-", "_")
      );
    assert.deepEqual(wrong.map(({ name }) => name), []);
  },
});

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

Deno.test("the demo streams and speaks an answer, and shows its trace with the id of the refused call", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "demo"],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { OPENAI_API_KEY: "", ANTHROPIC_API_KEY: "", CARTESIA_API_KEY: "", NO_COLOR: "1" },
    signal: AbortSignal.timeout(15_000),
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.equal(code, 0, text + new TextDecoder().decode(stderr));
  const lines = text.split("\n");
  assert.deepEqual(lines.filter((line) => line.length > 110), []);

  const words = text.replace(/\s+/g, " ");
  assert.match(words, /Agent A span is one piece of work .* the provider finds it again\. Spoke/);
  // the greeting has 28 characters, the answer 203: 15 in a second
  assert.match(words, / Spoke 15\.4 s of audio in 2 segments over one socket\./);

  assert.match(text, /^voice\.session +[\d.]+ s {2}━/m);
  assert.match(text, /^├─ voice\.deliver_initial_greeting +\d+ ms.*\n│ {2}└─ tts_request_run/m);
  const [llms, ttses] = ["llm", "tts"].map((kind) =>
    // a span, up to the next one
    text.split(/^(?:│ {2})?[├└]─ /m).slice(1).filter((span) => span.startsWith(`${kind}_request_run`))
  ) as [string[], string[]];
  assert.equal(llms.length, 3);
  const [anthropic = "", refused = "", answered = ""] = llms;
  assert.match(anthropic, /anthropic claude-haiku-4-5 .*HTTP 200 · 41 in · 4 out/);
  assert.match(refused, /ERROR 429\n.*openai gpt-5-mini · HTTP 429/);
  assert.match(answered, /openai gpt-5-mini .*HTTP 200 · retry 1 · ttft \d+ ms · 1186 in \(1024 cached\)/);
  assert.match(answered, /\d+ out \(64 reasoning\) · finish stop/);
  assert.equal(ttses.length, 2);
  const [greeting = "", spoken = ""] = ttses;
  assert.match(
    greeting,
    /cartesia sonic-3\.5 · ttfb \d+ ms · 28 characters · 1\.87 s of audio · socket opened in /,
  );
  assert.match(
    spoken,
    /cartesia sonic-3\.5 · ttfb \d+ ms · 203 characters · 13\.53 s of audio · socket reused/,
  );

  const ids = [...llms, ...ttses].map((attempt) => /ids ([\w-]+)/.exec(attempt)?.[1] ?? "");
  assert.equal(new Set(ids).size, 5);
  const [anthropicRow, refusedRow, answeredRow, greetingRow, spokenRow] = ids.map((id) =>
    lines.find((line) => /^[✓✗]/.test(line) && line.includes(id))?.replace(/\s+/g, " ") ?? ""
  );
  assert.match(anthropicRow ?? "", /^✓ anthropic 200 \d+ ms request-id /);
  assert.match(refusedRow ?? "", /^✗ openai 429 \d+ ms x-request-id .* ← send this one$/);
  assert.match(answeredRow ?? "", /^✓ openai 200 [\d.]+ m?s x-request-id /);
  for (const row of [greetingRow, spokenRow]) assert.match(row ?? "", /^✓ cartesia – [\d.]+ m?s context_id /);
});

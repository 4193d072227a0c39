import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

Deno.test("the demo streams an answer and shows its trace, with the id of the refused call", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "demo"],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { OPENAI_API_KEY: "", ANTHROPIC_API_KEY: "", NO_COLOR: "1" },
    signal: AbortSignal.timeout(15_000),
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.equal(code, 0, text + new TextDecoder().decode(stderr));
  const lines = text.split("\n");
  assert.deepEqual(lines.filter((line) => line.length > 110), []);

  assert.match(
    text.replace(/\s+/g, " "),
    /Agent A span is one piece of work .* the provider finds it again\./,
  );

  const attempts = text.split(/[├└]─ llm_request_run/).slice(1);
  assert.equal(attempts.length, 3);
  const [anthropic = "", refused = "", answered = ""] = attempts;
  assert.match(anthropic, /anthropic claude-haiku-4-5 .*HTTP 200 · 41 in · 4 out/);
  assert.match(refused, /ERROR 429\n.*openai gpt-5-mini · HTTP 429/);
  assert.match(answered, /openai gpt-5-mini .*HTTP 200 · retry 1 · ttft \d+ ms · 1186 in \(1024 cached\)/);
  assert.match(answered, /\d+ out \(64 reasoning\) · finish stop/);

  const [anthropicId, refusedId, answeredId] = attempts.map((attempt) => /ids (req_\w+)/.exec(attempt)?.[1]);
  assert.ok(anthropicId && refusedId && answeredId);
  assert.notEqual(refusedId, answeredId);
  const row = (id: string): string =>
    lines.find((line) => /^[✓✗]/.test(line) && line.includes(id))?.replace(/\s+/g, " ") ?? "";
  assert.match(row(anthropicId), /^✓ anthropic 200 \d+ ms request-id /);
  assert.match(row(refusedId), /^✗ openai 429 \d+ ms x-request-id .* ← send this one$/);
  assert.match(row(answeredId), /^✓ openai 200 [\d.]+ m?s x-request-id /);
});

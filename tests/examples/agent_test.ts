import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

Deno.test("the demo holds a conversation, and shows its turns with the ids of the refused call", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "demo"],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { OPENAI_API_KEY: "", ANTHROPIC_API_KEY: "", CARTESIA_API_KEY: "", NO_COLOR: "1" },
    signal: AbortSignal.timeout(20_000),
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.equal(code, 0, text + new TextDecoder().decode(stderr));
  const lines = text.split("\n");
  assert.deepEqual(lines.filter((line) => line.length > 110), []);

  const said = lines.filter((line) => /^(You|Agent) /.test(line));
  const [greeting, question, answer, order, cutOff, thanks, ...more] = said.map((line) =>
    line.replace(/\s+/g, " ")
  );
  assert.equal(greeting, "Agent Acme, hi!");
  assert.equal(question, "You Are you open today?");
  assert.match(answer ?? "", /^Agent [\d.]+ m?s Yes, until six\.$/);
  assert.equal(order, "You Where is order 1042?");
  assert.match(cutOff ?? "", /^Agent [\d.]+ m?s It .*[^.] – cut off$/);
  assert.doesNotMatch(cutOff ?? "", /before\./);
  assert.equal(thanks, "You Thank you!");
  assert.deepEqual(more, []);

  const session = spansUnder(text, "");
  assert.deepEqual(session.map(({ name }) => name).sort(), [
    "agent_turn",
    "agent_turn",
    "llm_request_run",
    "stt_request_run",
    "user_turn",
    "user_turn",
    "user_turn",
    "voice.deliver_initial_greeting",
  ]);
  const named = (name: string) => session.filter((span) => span.name === name);
  assert.match(named("llm_request_run")[0]!.words, /anthropic claude-haiku-4-5 .*HTTP 200 · 41 in · 4 out/);
  const [stt] = named("stt_request_run");
  assert.match(
    stt!.words,
    /deepgram nova-3 .* · first transcript .* s of audio heard · 3 turns · socket opened/,
  );
  const [deepgramId] = idsIn(stt!.words);
  for (const turn of named("user_turn")) {
    assert.match(turn.words, /deepgram nova-3 · transcription .* · end of turn .* · clock words/);
    assert.deepEqual(idsIn(turn.words), [deepgramId]);
  }
  const [spoken] = spansUnder(named("voice.deliver_initial_greeting")[0]!.text, "│  ");
  assert.match(
    spoken!.words,
    /cartesia sonic-3\.5 · ttfb .* · 9 characters · 600 ms of audio · socket opened/,
  );

  const [first, second] = named("agent_turn");
  for (const [turn, line] of [[first!, answer!], [second!, cutOff!]] as const) {
    assert.match(turn.words, / · speech_[0-9a-f]{12}/);
    const [, endToEnd = ""] = / e2e ([\d.]+ m?s) /.exec(turn.words) ?? [];
    const parts = /e2e [\d.]+ m?s · (.*?) · speech_/.exec(turn.words)![1]!.split(" · ").map(secondsIn);
    assert.ok(parts.length >= 4, turn.words);
    // what people read is rounded, and no part is drawn that took no time
    assert.ok(Math.abs(parts.reduce((sum, part) => sum + part, 0) - secondsIn(endToEnd)) < 0.015, turn.words);
    // the caller's own ear has no part in the trace
    assert.ok(Math.abs(secondsIn(line) - secondsIn(endToEnd)) < 0.15, `${line}: ${turn.words}`);
  }
  assert.doesNotMatch(first!.words, /interrupted/);
  assert.match(second!.words, /interrupted by the user/);

  const inFirst = spansUnder(first!.text, "│  ");
  assert.deepEqual(inFirst.map(({ name }) => name), ["llm.voice_response", "tts_request_run"]);
  assert.match(inFirst[0]!.words, /for voice\.reply/);
  const [refused, answered] = spansUnder(inFirst[0]!.text, "│  │  ");
  assert.match(refused!.words, /ERROR 429 openai gpt-5-mini · HTTP 429/);
  assert.match(answered!.words, /openai gpt-5-mini .*HTTP 200 · retry 1 · ttft .* 1186 in \(1024 cached\)/);
  assert.match(answered!.words, /\d+ out \(64 reasoning\) · finish stop/);
  assert.match(inFirst[1]!.words, / · 15 characters · 1\.00 s of audio · socket reused/);

  const inSecond = spansUnder(second!.text, "│  ");
  assert.deepEqual(inSecond.map(({ name }) => name), [
    "llm.voice_response",
    "function_tool",
    "llm.voice_response",
    "tts_request_run",
  ]);
  assert.match(inSecond[0]!.text, /finish tool_calls/);
  assert.match(inSecond[1]!.words, / look_up_order/);
  assert.match(inSecond[2]!.text, /finish stop/);
  assert.match(inSecond[3]!.words, /cancelled · .* · socket reused/);

  const attempts = lines.filter((line) => /^[✓✗·] {2}/.test(line));
  assert.equal(attempts.length, 9);
  const row = (id: string | undefined) =>
    attempts.find((line) => id && line.includes(id))?.replace(/\s+/g, " ") ?? "";
  const idOf = (words: string) => row(idsIn(words)[0]);
  assert.match(idOf(refused!.words), /^✗ openai 429 \d+ ms x-request-id .* ← send this one$/);
  assert.match(idOf(answered!.words), /^✓ openai 200 [\d.]+ m?s x-request-id /);
  assert.match(idOf(inSecond[3]!.words), /^· cartesia – [\d.]+ m?s context_id /);
  assert.match(row(deepgramId), /^✓ deepgram – [\d.]+ s dg-request-id /);

  const summary = lines.slice(lines.indexOf("What it came to")).join(" ");
  assert.match(
    summary,
    /3 user turns, 2 agent turns, 1 interrupted +end to end +p50 .*9 attempts, 7 succeeded, 1 failed, 1 cancelled, 1 retry +openai +429 +1× +req_/,
  );
});

interface DrawnSpan {
  readonly name: string;
  /** As it is drawn, with what is under it. */
  readonly text: string;
  /** In one line, without bars. */
  readonly words: string;
}

/** The spans that hang just below one, whose own line has that margin. */
function spansUnder(text: string, margin: string): readonly DrawnSpan[] {
  const tree = text.split("\n").filter((line) => /^[│├└ ]/.test(line)).map((line) => line.trimEnd());
  const spans: string[][] = [];
  for (const line of tree) {
    if (line.startsWith(`${margin}├─ `) || line.startsWith(`${margin}└─ `)) spans.push([line]);
    else if (/^[│ ] {2}/.test(line.slice(margin.length))) spans.at(-1)?.push(line);
  }
  return spans.map((own) => ({
    name: own[0]!.slice(margin.length + 3).split(/\s/)[0]!,
    text: own.slice(1).join("\n"),
    words: own.slice(0, endOfOwn(own)).join(" ").replace(/[│├└─━\s]+/g, " "),
  }));
}

/** Where the lines of a span end, and those of what is under it begin. */
function endOfOwn(lines: readonly string[]): number {
  const child = lines.findIndex((line, at) => at > 0 && /[├└]─/.test(line));
  return child < 0 ? lines.length : child;
}

function idsIn(words: string): readonly string[] {
  return / ids (.*)$/.exec(words.trim())?.[1]?.split(/, ?/) ?? [];
}

/** `820 ms` and `1.02 s`, wherever they stand. */
function secondsIn(text: string): number {
  const [, amount, unit] = /([\d.]+) (m?s)\b/.exec(text) ?? [];
  return Number(amount) / (unit === "ms" ? 1000 : 1);
}

/** Nova Sonic: what odd counts of tokens come to. */

import assert from "node:assert/strict";
import { novaSonic } from "../../src/formats/nova_sonic.ts";
import { eventMessage } from "../support/event_stream.ts";
import { recordSinks } from "../support/recording_sinks.ts";

const COUNTS = [
  "inputTokens",
  "audioInputTokens",
  "textInputTokens",
  "outputTokens",
  "audioOutputTokens",
  "textOutputTokens",
] as const;

/** The counts of an answer whose usage event has that delta. */
function countsOf(delta: unknown): Record<string, unknown> {
  const { connection, sinks } = recordSinks();
  const url = new URL("https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-2-sonic-v1:0/x");
  const reader = novaSonic().open({ url, headers: new Headers() }, sinks);
  const receive = (event: unknown) => reader.received(eventMessage({ chunk: { event } }));
  receive({ completionStart: { completionId: "c-1" } });
  receive({ toolUse: { toolName: "look_up", toolUseId: "t-1" } });
  receive({ usageEvent: { details: { delta } } });
  receive({ completionEnd: {} });
  const [{ facts } = { facts: undefined }] = connection.attempts;
  assert.ok(facts);
  return Object.fromEntries(
    COUNTS.flatMap((count) => facts[count] === undefined ? [] : [[count, facts[count]]]),
  );
}

Deno.test("a count of tokens that is no number is absent, and so is the sum that it is a part of", () => {
  assert.deepEqual(
    countsOf({ input: { speechTokens: 3, textTokens: 4 }, output: { speechTokens: 0, textTokens: 5 } }),
    {
      inputTokens: 7,
      audioInputTokens: 3,
      textInputTokens: 4,
      outputTokens: 5,
      audioOutputTokens: 0,
      textOutputTokens: 5,
    },
  );
  for (const odd of ["3", null, -1, {}, true]) {
    assert.deepEqual(countsOf({ input: { speechTokens: odd, textTokens: 4 }, output: { textTokens: 5 } }), {
      textInputTokens: 4,
      outputTokens: 5,
      textOutputTokens: 5,
    });
  }
  for (const delta of [undefined, null, [], { input: 7, output: "x" }]) assert.deepEqual(countsOf(delta), {});
});

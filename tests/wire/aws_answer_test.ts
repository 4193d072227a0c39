import assert from "node:assert/strict";
import type { Answer } from "../../src/types.ts";
import { readAwsAnswer } from "../../src/wire/aws_answer.ts";
import { fixture } from "../support/fixtures.ts";
import { recordSink, type SinkRecord } from "../support/recording_sink.ts";

const silent: Answer = { event: () => true, document: () => {}, end: () => {} };

function read(status: number, headers: Record<string, string>, body: string): SinkRecord {
  const { record, sink } = recordSink();
  const reader = readAwsAnswer({ status, headers: new Headers(headers) }, sink, silent);
  reader.push(new TextEncoder().encode(body));
  reader.end();
  return record;
}

Deno.test("readAwsAnswer() takes the class of an error from the header, and none of its words", () => {
  const header = "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/";
  const body = '{"message":"Too many tokens: secret"}';
  assert.deepEqual(read(429, { "x-amzn-errortype": header }, body).failure, { type: "ThrottlingException" });
  assert.deepEqual(read(403, { "x-amzn-errortype": "AccessDeniedException" }, "").failure, {
    type: "AccessDeniedException",
  });
  assert.deepEqual(read(502, { "content-type": "text/html" }, "<html>").failure, { type: "error" });
  assert.deepEqual(read(400, { "x-amzn-errortype": "a sentence with words" }, body).failure, {
    type: "error",
  });
});

Deno.test("readAwsAnswer() ends the answer at an error in its stream, before the body ends", () => {
  for (const name of ["converse_exception", "converse_error_frame"]) {
    const { response: { status, headers }, body } = fixture("bedrock", name);
    const { record, sink } = recordSink();
    const reader = readAwsAnswer({ status, headers: new Headers(headers) }, sink, silent);
    reader.push(body.subarray(0, -1));
    assert.deepEqual([record.completed, record.failure], [false, undefined]);
    reader.push(body.subarray(-1));
    assert.equal(record.completed, true);
    assert.ok(record.failure);
  }
});

Deno.test("readAwsAnswer() counts a stream that is broken as unread, and says no more of it", () => {
  const { unread, failure } = read(
    200,
    { "content-type": "application/vnd.amazon.eventstream" },
    "x".repeat(40),
  );
  assert.equal(unread, 1);
  assert.equal(failure, undefined);
});

/**
 * The bytes of an AWS service's answer, as the JSON values of an answer.
 *
 * @see {@link https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html}
 * @module
 */

import type { Answer, CallResponse, HeaderLookup, Reader, Sink } from "../types.ts";
import { type AnswerOptions, News, readAnswer } from "./answer.ts";
import { type EventStreamValue, readEventStream } from "./event_stream.ts";
import { asWord } from "./json.ts";

const EVENT_STREAM = /^application\/vnd\.amazon\.eventstream\b/i;

/**
 * Reads an event stream whose payloads are JSON, or a document. The class of an error stands in headers, of the
 * response or of a message; the body beside it has only words.
 */
export function readAwsAnswer(
  response: CallResponse,
  sink: Sink,
  answer: Answer,
  options: AnswerOptions = {},
): Reader {
  if (response.status >= 400) {
    sink.fail({ type: errorTypeOf(response.headers) ?? "error" });
    return { push() {}, end() {} };
  }
  if (!EVENT_STREAM.test(response.headers.get("content-type") ?? "")) {
    return readAnswer(response, sink, answer, options);
  }
  const news = new News(sink, answer, options.words);
  /** Whether the end of the body says nothing more of the answer. */
  let settled = false;
  /** Nothing follows an error, and an SDK that throws there leaves the body open. */
  const fail = (type: EventStreamValue | undefined): void => {
    settled = true;
    sink.fail({ type: asWord(type) ?? "error" });
    sink.complete();
  };
  sink.note({ streamed: true });
  const { push } = readEventStream({
    onMessage(headers, payload) {
      const kind = headers.get(":message-type");
      if (kind === "exception") fail(headers.get(":exception-type"));
      else if (kind === "error") fail(headers.get(":error-code"));
      else news.take(payload);
    },
    onOverflow: () => sink.unread(),
    onPassOver: (bytes) => sink.passOver(bytes),
    onBroken() {
      settled = true;
      sink.unread();
    },
  });
  return { push, end: () => settled ? undefined : answer.end() };
}

/** `ValidationException:http://…`: the page after the colon is of no use. */
function errorTypeOf(headers: HeaderLookup): string | undefined {
  return asWord(headers.get("x-amzn-errortype")?.split(":")[0]);
}

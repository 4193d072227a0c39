/**
 * Responses over a socket: what is asked for and what is streamed are those of a call, one after another or in lanes.
 *
 * @see {@link https://developers.openai.com/api/docs/guides/websocket-mode}
 * @module
 */

import type {
  Answer,
  JsonFormat,
  Sink,
  SocketFormat,
  SocketReader,
  SocketRequest,
  SocketSinks,
} from "../types.ts";
import { asText, type JsonObject } from "../wire/json.ts";
import { readJsonFrames } from "../wire/json_frames.ts";
import { readError } from "../wire/openai.ts";

/** A response that was asked for. */
interface Asked {
  /** Its key: a count, as its id is not known yet. */
  readonly key: string;
  readonly sink: Sink;
  readonly answer: Answer;
}

/** The socket format, whose events are those of `format`. */
export function responsesSocket(format: JsonFormat): SocketFormat {
  return { name: "responses_socket", open: (request, sinks) => open(request, sinks, format) };
}

function open({ url, headers }: SocketRequest, sinks: SocketSinks, format: JsonFormat): SocketReader {
  /** By their `stream_id`: those of one lane are answered in the order in which they were asked for. */
  const lanes = new Map<string, Asked[]>();
  let count = 0;

  const isOpen = ({ key }: Asked): boolean => sinks.find(key) !== undefined;

  function ask(frame: JsonObject): void {
    for (const [lane, all] of lanes) {
      const open = all.filter(isOpen);
      if (open.length > 0) lanes.set(lane, open);
      else lanes.delete(lane);
    }
    const key = `${++count}`;
    const sink = sinks.begin(key);
    const lane = laneOf(frame);
    lanes.set(lane, [...lanes.get(lane) ?? [], { key, sink, answer: format.open(sink) }]);
    sink.note({ ...format.request({ url, headers, json: frame }), streamed: true });
    sink.content?.prompt(frame);
  }

  return readJsonFrames({
    sent(frame) {
      if (frame.type === "response.create") ask(frame);
    },
    received(frame) {
      const asked = lanes.get(laneOf(frame))?.find(isOpen);
      asked?.answer.event(frame);
      if (frame.type !== "error") return;
      // one of nobody's is the connection's
      if (asked === undefined) sinks.fail(readError(frame) ?? { type: "error" });
      else asked.sink.complete();
    },
  });
}

function laneOf(frame: JsonObject): string {
  return asText(frame.stream_id) ?? "";
}

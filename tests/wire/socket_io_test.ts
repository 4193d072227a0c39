import assert from "node:assert/strict";
import { readSocketIoEvent, type SocketIoEvent } from "../../src/wire/socket_io.ts";

const events: readonly (readonly [what: string, packet: string, event: SocketIoEvent])[] = [
  ["an event", '42["message",{"a":1}]', { namespace: "/", name: "message", data: { a: 1 } }],
  ["an event of a namespace", '42/a/b-c,["say",{"t":"x, [y]"}]', {
    namespace: "/a/b-c",
    name: "say",
    data: { t: "x, [y]" },
  }],
  ["an event that wants an acknowledgement", '42/a,17["say","x"]', {
    namespace: "/a",
    name: "say",
    data: "x",
  }],
  ["an event without arguments", '42["stop"]', { namespace: "/", name: "stop", data: undefined }],
  ["an event of several arguments", '421["say",[1],"more"]', { namespace: "/", name: "say", data: [1] }],
  ["line ends between values", '42/a,[\n"say",\n1]', { namespace: "/a", name: "say", data: 1 }],
  ["a namespace without its query", '42/a?token=canary,["say",1]', {
    namespace: "/a",
    name: "say",
    data: 1,
  }],
];

for (const [what, packet, event] of events) {
  Deno.test(`readSocketIoEvent() reads ${what}`, () => {
    assert.deepEqual(readSocketIoEvent(packet), event);
  });
}

const others: readonly (readonly [what: string, packet: string])[] = [
  ["the opening", '0{"sid":"canary","pingInterval":25000}'],
  ["pings and pongs", "2"],
  ["the probe of an upgrade", "2probe"],
  ["a connect packet, whose secret is none of ours", '40/a,{"token":"canary"}'],
  ["a connect packet without a namespace", '40{"token":"canary"}'],
  ["an acknowledgement", '43/a,17["x"]'],
  ["an error", '44/a,{"message":"no"}'],
  ["an event with bytes beside it", '451-/a,["say",{"_placeholder":true,"num":0}]'],
  ["a cut event", '42/a,["say",{"t":'],
  ["an event without a name", "42/a,[]"],
  ["an event whose name is no text", "42/a,[1,2]"],
  ["an event that is no list", '42/a,{"name":"say"}'],
  ["a namespace without an event", "42/a"],
  ["nothing", ""],
];

for (const [what, packet] of others) {
  Deno.test(`readSocketIoEvent() passes over ${what}`, () => {
    assert.equal(readSocketIoEvent(packet), undefined);
  });
}

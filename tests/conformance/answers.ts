/** The servers of the cases. */

import { type EmulatedConnection, startSocketEmulator } from "../../src/testing/mod.ts";
import { bytes, type Servers, TEXT } from "./judged.ts";

/** Pages may read everything. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-allow-methods": "*",
  "access-control-expose-headers": "*",
};

/** Starts them. */
export async function startAnswers(): Promise<Servers & AsyncDisposable> {
  const calls = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
    onError: () => new Response("!", { status: 500 }),
  }, (request) => {
    const response = respond(request);
    for (const [name, value] of Object.entries(CORS)) response.headers.set(name, value);
    return response;
  });
  const sockets = await startSocketEmulator({
    handshake: ({ path, protocols }) => ({
      status: path.includes("refuse") ? 403 : 101,
      delayMs: path.includes("slow") ? 50 : 0,
      protocol: protocols.at(-1) ?? "",
    }),
    serve: talk,
  });
  return {
    calls: `http://127.0.0.1:${calls.addr.port}`,
    sockets: sockets.url,
    async [Symbol.asyncDispose]() {
      await Promise.all([calls.shutdown(), sockets.close()]);
    },
  };
}

/** What a socket does, by its address: says a word first, gives back what it gets, closes, hangs up. */
async function talk(connection: EmulatedConnection): Promise<void> {
  const [what = "", code] = (new URL(connection.url).searchParams.get("do") ?? "").split("-");
  if (what === "greet") {
    for (const said of ['{"context":"a"}', Uint8Array.of(1, 2, 3)]) await connection.send(said);
    return connection.close(1000, "said");
  }
  for (let frame = await connection.next(); frame !== undefined; frame = await connection.next()) {
    if (what === "close") connection.close(code ? Number(code) : undefined, code && "the server's");
    else if (what === "reset") connection.reset();
    // workerd sends the name of what it does not know: no frame of the protocol
    else if (typeof frame === "string" && !frame.startsWith("{")) await connection.send({ text: frame });
    else await connection.send(frame);
  }
}

/** What the server says. */
function respond(request: Request): Response {
  const url = new URL(request.url);
  const answer = url.searchParams.get("answer") ?? "";
  if (/^\d+$/.test(answer)) return new Response(null, { status: Number(answer), statusText: "As it is" });
  switch (answer) {
    case "text":
      return new Response(TEXT, {
        status: 201,
        headers: [["content-type", "text/plain;charset=utf-8"], ["x-a", "1"], ["x-a", "2"], [
          "set-cookie",
          "a=1",
        ], ["set-cookie", "b=2"]],
      });
    case "json":
      return Response.json({ a: [1, "ä", null] });
    case "broken json":
      return new Response("{", { headers: { "content-type": "application/json" } });
    case "bom":
      return new Response(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff));
    case "empty":
      return new Response("");
    case "form":
      return new Response("a=1&b=%C3%A4", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
    case "multipart": {
      const part = (about: string, content: string): string =>
        `--edge\r\nContent-Disposition: form-data; ${about}\r\n\r\n${content}\r\n`;
      return new Response(
        `${part('name="a"', "1")}${
          part('name="file"; filename="name.txt"\r\nContent-Type: text/plain', "inside")
        }--edge--\r\n`,
        { headers: { "content-type": "multipart/form-data; boundary=edge" } },
      );
    }
    case "redirect":
      return new Response(null, {
        status: 307,
        headers: { location: `${url.pathname}?answer=text` },
      });
    case "gzip":
      return new Response(
        new Blob([TEXT.repeat(50)]).stream().pipeThrough(new CompressionStream("gzip")),
        { headers: { "content-encoding": "gzip", "content-type": "text/plain" } },
      );
    case "slow":
      return new Response(inPieces(20, 5));
    case "endless":
      return new Response(inPieces(Infinity, 2), {
        headers: { "content-type": "multipart/form-data; boundary=edge" },
      });
    case "reset":
      return new Response(inPieces(3, 5, true));
    default:
      return new Response("?", { status: 404 });
  }
}

function inPieces(count: number, everyMs: number, broken = false): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (sent++ < count) controller.enqueue(bytes);
      else if (broken) controller.error(new Error("reset"));
      else controller.close();
    },
  });
}

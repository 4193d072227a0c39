/**
 * The scenarios, on whatever runtime: asked by a request, answered in JSON.
 *
 * @module
 */

import { cancel, pause, readBodies, readChunks, readWhole } from "./scenarios.ts";
import { ways } from "./ways.ts";

/** Does what the path says, in the way that the query names. */
export async function handle(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const way = ways.find(({ name }) => name === searchParams.get("way"))!;
  const origin = searchParams.get("origin")!;
  const count = Number(searchParams.get("count"));
  switch (pathname) {
    case "/stream":
      return Response.json(await readBodies(way, `${origin}/stream/any`, count, readChunks));
    case "/bulk":
      return Response.json(await readBodies(way, `${origin}/bulk/any`, count, readChunks));
    case "/whole":
      return Response.json(await readBodies(way, `${origin}/bulk/any`, count, readWhole));
    case "/pause":
      return Response.json(await pause(way, origin, count));
    case "/cancel":
      return Response.json(await cancel(way, origin) ?? null);
    default:
      // what the first request loads is not a body's
      return Response.json(await fetch(`${origin}/pushed/none`).then((answer) => answer.json()));
  }
}

/** As workerd has it. */
export default { fetch: handle };

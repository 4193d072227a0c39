/** The suite behind HTTP: a request names a case and has the addresses as its body, the answer says what was wrong. */

import { assert } from "../suite/assert.ts";
import { cases } from "../suite/mod.ts";
import { runCase } from "../suite/world.ts";
import { library } from "./library.ts";

/** Runs the case at the index that the path has. */
export async function handle(request: Request): Promise<Response> {
  const item = cases[Number(new URL(request.url).pathname.slice(1))]!;
  const error = await runCase(item, library, assert, await request.json());
  return Response.json({ name: item.name, error });
}

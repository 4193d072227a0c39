/** The suite in a page: fetches the addresses from whoever serves it, and sends the results there. */

import { assert } from "../suite/assert.ts";
import { cases } from "../suite/mod.ts";
import { runCase } from "../suite/world.ts";
import { library } from "./library.ts";

const addresses = await (await fetch("/addresses")).json();
for (const item of cases) {
  const error = await runCase(item, library, assert, addresses);
  await fetch("/result", {
    method: "POST",
    body: JSON.stringify({ name: item.name, error }),
  });
}
await fetch("/result", { method: "POST", body: "{}" });

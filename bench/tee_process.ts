/** The scenarios in a process of Deno, Bun or Node: URLs come in on standard input, answers go out, a line each. */

import process from "node:process";
import { createInterface } from "node:readline";
import { handle } from "./tee_program.ts";

for await (const url of createInterface({ input: process.stdin })) {
  const response = await handle(new Request(url));
  process.stdout.write(`${await response.text()}\n`);
}
process.exit();

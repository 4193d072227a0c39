/** All cases. */

import { bodies } from "./bodies.ts";
import { failures } from "./failures.ts";
import type { Judged } from "./judged.ts";
import { pipes } from "./pipes.ts";
import { responses } from "./responses.ts";
import { sockets } from "./sockets.ts";

/** All, in order. */
export const judged: readonly Judged[] = [
  ...[...responses, ...bodies, ...pipes, ...failures].map(({ name, run }): Judged => ({
    name,
    run: ({ call }) => run(call),
  })),
  ...sockets,
];

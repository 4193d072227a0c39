/** The suite: what holds on every runtime. Each runtime runs it with the packed library. */

import { conformance } from "./conformance.ts";
import { contexts } from "./contexts.ts";
import { endings } from "./endings.ts";
import { sending } from "./sending.ts";
import { sockets } from "./sockets.ts";
import { streams } from "./streams.ts";
import type { Case } from "./world.ts";

/** All cases, in order. */
export const cases: readonly Case[] = [
  ...endings,
  ...streams,
  ...sockets,
  ...contexts,
  ...sending,
  ...conformance,
];

/** The suite in a Worker. */

import { handle } from "./handler.ts";

export default { fetch: handle };

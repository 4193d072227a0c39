/** Serves the app as a Worker. */

import { createApp } from "./served_app.ts";

export default createApp();

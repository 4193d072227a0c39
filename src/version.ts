/** The library's version: the version of its instrumentation scope. */
export const VERSION = "0.1.0";

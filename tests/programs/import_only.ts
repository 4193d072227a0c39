/** Imports the library, and says which globals that changed. */

const before = new Set(Reflect.ownKeys(globalThis));
const fetch = globalThis.fetch;
const library = await import("@teespan/teespan");
// `nodeBootstrap` is Deno's own, and comes with any npm package
const added = Reflect.ownKeys(globalThis).filter((key) => !before.has(key) && key !== "nodeBootstrap");
console.log(JSON.stringify({
  added: added.map(String),
  fetchKept: globalThis.fetch === fetch,
  exports: Object.keys(library).sort(),
}));

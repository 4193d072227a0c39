// Imports a module, and says what that touched and how long it took.
import process from "node:process";

const touched = [];
for (const name of ["fetch", "setTimeout", "setInterval", "setImmediate"]) {
  const original = globalThis[name];
  globalThis[name] = (...all) => {
    touched.push(name);
    return original(...all);
  };
}
const look = () =>
  Reflect.ownKeys(globalThis).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]);
look(); // some globals are made when they are first looked at
const before = look();
const begun = performance.now();
await import(process.argv[2]);
const milliseconds = performance.now() - begun;
for (const key of Reflect.ownKeys(globalThis)) {
  const [, was] = before.find(([name]) => name === key) ?? [];
  const is = Object.getOwnPropertyDescriptor(globalThis, key);
  if (!Object.is(was?.value, is.value) || was?.get !== is.get) touched.push(String(key));
}
console.log(JSON.stringify({ touched, milliseconds }));

import assert from "node:assert/strict";
import { openaiCompatible } from "../src/compatible.ts";
import { createMatcher } from "../src/match.ts";
import type { HttpFormat, Provider, Route } from "../src/types.ts";

const format: HttpFormat = { name: "none", request: () => ({}), read: () => ({ push() {}, end() {} }) };
const route = (path: string, method: "GET" | "POST" = "POST"): Route => ({
  method,
  path,
  operation: "llm",
  format,
});

const acme: Provider = {
  name: "acme",
  hosts: ["api.acme.example", "localhost:8080", "*.acme.example"],
  routes: [route("/chat/completions"), route("/models/*:generate"), route("/v1.0/voices", "GET")],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://acme.example",
  verifiedBy: [],
};

function pathOf(method: string, url: string, providers: readonly Provider[] = [acme]): string | undefined {
  return createMatcher(providers)(method, new URL(url))?.route.path;
}

Deno.test("createMatcher() matches host with port, method and the end of the path", () => {
  assert.equal(pathOf("POST", "https://api.acme.example/v1/chat/completions?x=1"), "/chat/completions");
  assert.equal(pathOf("POST", "http://localhost:8080/chat/completions"), "/chat/completions");
  assert.equal(pathOf("GET", "https://api.acme.example/v1.0/voices"), "/v1.0/voices");
  assert.equal(pathOf("GET", "https://api.acme.example/chat/completions"), undefined);
  assert.equal(pathOf("POST", "http://localhost:8081/chat/completions"), undefined);
  assert.equal(pathOf("POST", "https://api.acme.example/chat/completions/more"), undefined);
  assert.equal(pathOf("POST", "https://api.acme.example/nochat/completions"), undefined);
  assert.equal(pathOf("GET", "https://api.acme.example/v1x0/voices"), undefined);
});

Deno.test("createMatcher() takes * for what stands between slashes, and *. for hosts below", () => {
  assert.equal(pathOf("POST", "https://eu.acme.example/v1/models/big-1:generate"), "/models/*:generate");
  assert.equal(pathOf("POST", "https://eu.acme.example/v1/models/a/b:generate"), undefined);
  assert.equal(pathOf("POST", "https://acme.example/v1/models/big-1:generate"), undefined);
  assert.equal(pathOf("POST", "https://evilacme.example/v1/models/big-1:generate"), undefined);
});

Deno.test("createMatcher() takes * anywhere in a host, and ** for what stands across slashes", () => {
  const cloud: Provider = {
    ...acme,
    hosts: ["runtime.*.cloud.example", "*-ai.cloud.example"],
    routes: [route("/run/**"), route("/a/**/b")],
  };
  assert.equal(pathOf("POST", "https://runtime.eu-1.cloud.example/run/@x/m/big", [cloud]), "/run/**");
  assert.equal(pathOf("POST", "https://us-ai.cloud.example/v1/run/m", [cloud]), "/run/**");
  assert.equal(pathOf("POST", "https://us-ai.cloud.example/a/1/2/b", [cloud]), "/a/**/b");
  assert.equal(pathOf("POST", "https://runtime.cloud.example/run/m", [cloud]), undefined);
  assert.equal(pathOf("POST", "https://us-ai.cloud.example/run/", [cloud]), undefined);
  assert.equal(pathOf("POST", "https://us-ai.cloud.example.evil.example/run/m", [cloud]), undefined);
});

Deno.test("createMatcher() gives the first row that fits", () => {
  const own = openaiCompatible({ name: "own", host: "api.acme.example" });
  const url = new URL("https://api.acme.example/v1/chat/completions");
  assert.equal(createMatcher([own, acme])("POST", url)?.provider.name, "own");
  assert.equal(createMatcher([acme, own])("POST", url)?.provider.name, "acme");
});

Deno.test("createMatcher() recognizes well-known doors on any host, and names it after the host or its row", () => {
  const match = createMatcher([acme], [route("/v1/chat/completions")]);
  const named = (url: string): string | undefined => match("POST", new URL(url))?.provider.name;
  assert.equal(named("http://10.0.0.7:8000/v1/chat/completions"), "10.0.0.7:8000");
  assert.equal(named("https://llm.example/v1/embeddings"), undefined);
  assert.equal(named("https://api.acme.example/v1/chat/completions"), "acme");
  const partial = createMatcher([{ ...acme, routes: [route("/other")] }], [route("/v1/chat/completions")]);
  assert.equal(
    partial("POST", new URL("https://api.acme.example/v1/chat/completions"))?.provider.name,
    "acme",
  );
});

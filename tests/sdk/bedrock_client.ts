/** The official SDK of Amazon Bedrock, and what its scenarios ask. */

import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import { logAll, type Scenario } from "./compare.ts";

/** What the client is to use; the global `fetch` where it is not said. */
export type Fetch = typeof globalThis.fetch | undefined;

/** What cannot be the same twice in a request: who asks when, and what follows from it. */
const UNSTABLE_HEADERS = ["amz-sdk-invocation-id", "x-amz-date"];

/** A client that tries once unless a scenario says otherwise. By itself the SDK does not call `fetch`. */
export function bedrockClient(fetch: Fetch, maxAttempts = 1): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "test" },
    maxAttempts,
    requestHandler: new FetchHttpHandler(fetch && { customFetch: fetch }),
  });
  client.middlewareStack.add((next) => (args) => {
    const { headers } = args.request as { headers: Record<string, string> };
    for (const name of UNSTABLE_HEADERS) headers[name] = headers[name] === undefined ? "missing" : "there";
    headers.authorization = headers.authorization?.replace(/\/\d{8}\/|Signature=.*/g, "/x/") ?? "missing";
    return next(args);
  }, { step: "deserialize", priority: "low" });
  return client;
}

/** What is asked. */
export const question = {
  modelId: "us.amazon.nova-2-lite-v1:0",
  messages: [{ role: "user" as const, content: [{ text: "Grüezi, what is a span?" }] }],
};
/** The same with a tool. */
export const withTools = {
  ...question,
  toolConfig: { tools: [{ toolSpec: { name: "lookup", inputSchema: { json: { type: "object" } } } }] },
};
/** What a model is invoked with. */
export const prompt = {
  modelId: "eu.anthropic.claude-haiku-5-20260901-v1:0",
  contentType: "application/json",
  body: '{"anthropic_version":"bedrock-2023-05-31","max_tokens":64,"messages":[]}',
};

type Run = Scenario<Fetch>["run"];

/** Ends what the SDK leaves open: after an error, and after a break. */
export async function withSignal<T>(use: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  try {
    return await use({ abortSignal: controller.signal });
  } finally {
    controller.abort();
  }
}

/** Asks for a message. */
export const converse: Run = (fetch) => bedrockClient(fetch).send(new ConverseCommand(question));
/** Asks for a stream and logs its messages. */
export const iterate: Run = (fetch, stage) =>
  withSignal(async (options) => {
    const { stream, ...rest } = await bedrockClient(fetch).send(new ConverseStreamCommand(question), options);
    return [await logAll(stream!, stage), rest];
  });
/** Invokes a model and logs its stream. */
export const iterateInvoked: Run = (fetch, stage) =>
  withSignal(async (options) => {
    const command = new InvokeModelWithResponseStreamCommand(prompt);
    const { body, ...rest } = await bedrockClient(fetch).send(command, options);
    return [await logAll(body!, stage), rest];
  });

import { anthropicMessages } from "../formats/anthropic_messages.ts";
import { bedrockConverse } from "../formats/bedrock_converse.ts";
import { bedrockInvoke } from "../formats/bedrock_invoke.ts";
import { bedrockText } from "../formats/bedrock_text.ts";
import { novaSonic } from "../formats/nova_sonic.ts";
import { openaiChat } from "../formats/openai_chat.ts";
import { chatRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

const converse = bedrockConverse();

/** What the models speak when they are invoked: Nova speaks Converse. The first that fits wins. */
const invoke = bedrockInvoke([
  {
    keys: ["completion", "embedding", "embeddings", "generation", "outputText", "outputs", "results"],
    format: bedrockText(),
  },
  { keys: ["type"], format: anthropicMessages() },
  { keys: ["choices"], format: openaiChat() },
  {
    keys: ["output", "messageStart", "contentBlockStart", "contentBlockDelta", "messageStop", "metadata"],
    format: converse,
  },
]);

/** Amazon Bedrock. Converse has no id but the header's. What goes both ways passes AWS's SDK, not `fetch`. */
export const bedrock: Provider = {
  name: "bedrock",
  genAiName: "aws.bedrock",
  hosts: ["bedrock-runtime.*.amazonaws.com", "bedrock-runtime-fips.*.amazonaws.com"],
  routes: [
    { method: "POST", path: "/model/*/converse", operation: "llm", format: converse },
    { method: "POST", path: "/model/*/converse-stream", operation: "llm", format: converse },
    { method: "POST", path: "/model/*/invoke", operation: "llm", format: invoke },
    { method: "POST", path: "/model/*/invoke-with-response-stream", operation: "llm", format: invoke },
    chatRoute(),
    responsesRoute(),
  ],
  sockets: [
    { path: "/model/*/invoke-with-bidirectional-stream", operation: "realtime", format: novaSonic() },
  ],
  requestIdHeaders: ["x-amzn-requestid"],
  streamedUsage: "always",
  evidence:
    "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html",
  verifiedBy: ["official SDK", "recordings"],
};

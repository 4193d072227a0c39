import { chatRoute, messagesRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Amazon Bedrock through the doors of OpenAI and Anthropic. */
export const bedrockMantle: Provider = {
  name: "bedrock_mantle",
  genAiName: "aws.bedrock",
  hosts: ["bedrock-mantle.*.api.aws"],
  routes: [
    chatRoute(),
    responsesRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: ["x-amzn-requestid", "x-request-id"],
  streamedUsage: "when asked",
  evidence: "https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html",
  verifiedBy: ["recordings"],
};

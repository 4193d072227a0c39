import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Amazon Bedrock through the doors of OpenAI and Anthropic. */
export const bedrockMantle: Provider = openaiCompatible({
  name: "bedrock_mantle",
  genAiName: "aws.bedrock",
  host: "bedrock-mantle.*.api.aws",
  formats: ["chat", "responses", "messages"],
  requestIdHeaders: ["x-amzn-requestid", "x-request-id"],
  evidence: "https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html",
  verifiedBy: ["recordings"],
});

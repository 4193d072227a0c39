import { chatRoute, completionsRoute, messagesRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Alibaba's Model Studio, by region or by workspace. */
export const alibaba: Provider = {
  name: "alibaba",
  hosts: [
    "dashscope.aliyuncs.com",
    "dashscope-*.aliyuncs.com",
    "*.dashscope.aliyuncs.com",
    "*.maas.aliyuncs.com",
  ],
  routes: [
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "when asked",
  evidence: "https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope",
  verifiedBy: ["recordings"],
};

import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Alibaba's Model Studio, by region or by workspace. */
export const alibaba: Provider = openaiCompatible({
  name: "alibaba",
  host: [
    "dashscope.aliyuncs.com",
    "dashscope-*.aliyuncs.com",
    "*.dashscope.aliyuncs.com",
    "*.maas.aliyuncs.com",
  ],
  formats: ["chat", "completions", "responses", "messages"],
  evidence: "https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope",
  verifiedBy: ["recordings"],
});

/**
 * A program that says what would be seen of a call: which provider and route fit its URL, which ids and usage are
 * read, and what is recorded of the URL. Needs no permission and calls nobody.
 *
 * `deno run jsr:@teespan/teespan/explain https://api.openai.com/v1/responses`
 *
 * @example The same in code
 * ```ts
 * import { explainUrl } from "@teespan/teespan";
 *
 * console.log(explainUrl("https://api.openai.com/v1/responses").recognized);
 * ```
 *
 * @module
 */

import { explainUrl, type UrlExplanation } from "./explain_url.ts";

export { explainUrl } from "./explain_url.ts";
export type { ExplainedRoute, ExplainOptions, UrlExplanation } from "./explain_url.ts";
export type * from "./types.ts";

/** An explanation as text. */
function formatExplanation(explained: UrlExplanation): string {
  const { provider = "", genAiName, routes, otherPaths, requestIdHeaders, streamedUsage } = explained;
  const rows: [string, string][] = [
    ["provider", provider === "" ? "none" : `${provider} (gen_ai.provider.name: ${genAiName})`],
    ...routes.map(({ method, path, operation, format }): [string, string] => [
      "route",
      `${method} …${path}: ${operation}, read as ${format}`,
    ]),
    ...explained.recognized
      ? [["ids", [...requestIdHeaders, `those of ${routes[0]?.format}`].join(", ")] as [string, string]]
      : [["span", "none: no route fits"] as [string, string]],
    ...otherPaths.length > 0 ? [["would fit", [...new Set(otherPaths)].join(", ")] as [string, string]] : [],
    ...streamedUsage === undefined ? [] : [["usage in streams", streamedUsage] as [string, string]],
    ["recorded as", explained.recordedUrl],
    ["left out", explained.scrubbed.join(", ") || "nothing"],
  ];
  return rows.map(([name, text]) => `${name.padEnd(17)}${text}`).join("\n");
}

/** The arguments of the program, on Deno, Node and Bun. */
function programArguments(): readonly string[] {
  const { Deno, process } = globalThis as {
    readonly Deno?: { readonly args: readonly string[] };
    readonly process?: { readonly argv: readonly string[] };
  };
  return Deno?.args ?? process?.argv.slice(2) ?? [];
}

if (import.meta.main) {
  const urls = programArguments();
  if (urls.length === 0) console.error("Say which URL: deno run jsr:@teespan/teespan/explain <url>");
  for (const url of urls) console.log(formatExplanation(explainUrl(url)));
}

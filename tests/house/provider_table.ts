/** The README's table of providers, made from the rows in code. Run as a program, it writes the README anew. */

import { providers as builtin } from "../../src/providers/mod.ts";
import type { Provider } from "../../src/types.ts";

const MARKED = /(<!-- providers: .*? -->)\n.*?(<!-- providers end -->)/s;

/** The README with its table made anew. */
export function withProviderTable(readme: string, providers: readonly Provider[]): string {
  return readme.replace(MARKED, (_, begin, end) => `${begin}\n\n${providerTable(providers)}\n\n${end}`);
}

function providerTable(providers: readonly Provider[]): string {
  const rows = providers.map((provider) => {
    const { name, genAiName = name, hosts, routes, requestIdHeaders, streamedUsage, verifiedBy } = provider;
    return [
      `\`${name}\``,
      `\`${genAiName}\``,
      codes(hosts),
      [...new Set(routes.map(({ format }) => format.name.replaceAll("_", " ")))].join(", "),
      codes(requestIdHeaders) || "none",
      streamedUsage,
      verifiedBy.join(", "),
    ];
  });
  const head = [
    "provider",
    "`gen_ai.provider.name`",
    "hosts",
    "formats",
    "ids from headers",
    "usage in streams",
    "checked with",
  ];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function codes(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}

if (import.meta.main) {
  await Deno.writeTextFile("README.md", withProviderTable(await Deno.readTextFile("README.md"), builtin));
}

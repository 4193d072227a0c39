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
    const { name, genAiName = name, hosts, requestIdHeaders, streamedUsage, verifiedBy } = provider;
    return [
      `\`${name}\``,
      `\`${genAiName}\``,
      codes(hosts),
      what(provider),
      codes(requestIdHeaders) || "none",
      streamedUsage,
      verifiedBy.join(", "),
    ];
  });
  const head = [
    "provider",
    "`gen_ai.provider.name`",
    "hosts",
    "what",
    "ids from headers",
    "usage in streams",
    "checked with",
  ];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The operations of a row, each with the names of its formats; those of sockets are marked. */
function what({ routes, sockets = [] }: Provider): string {
  const formats = new Map<string, Set<string>>();
  const add = (operation: string, format: string): void =>
    void formats.set(operation, (formats.get(operation) ?? new Set()).add(format.replaceAll("_", " ")));
  for (const { operation, format } of routes) add(operation, format.name);
  for (const { operation, format } of sockets) add(operation, `${format.name} ⇄`);
  return [...formats].map(([operation, names]) => `${operation}: ${[...names].join(", ")}`).join("; ");
}

function codes(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}

if (import.meta.main) {
  await Deno.writeTextFile("README.md", withProviderTable(await Deno.readTextFile("README.md"), builtin));
}

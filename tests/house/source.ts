/** Source files, as text. */

import { posix } from "node:path";

/** One file. */
export interface SourceFile {
  /** Its path below the folder. */
  readonly path: string;
  readonly text: string;
  /** What it imports or re-exports: paths below the folder, and packages. */
  readonly imports: readonly string[];
}

const ROOT = new URL("../../", import.meta.url);

/** The text of a file of the project. */
export function projectFile(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** The command of one of the project's tasks. */
export function taskOf(name: string): string {
  return JSON.parse(projectFile("deno.json")).tasks[name].command;
}

/** Names of what lies in a folder of the project. */
export function projectFolder(path: string): string[] {
  return [...Deno.readDirSync(new URL(`${path}/`, ROOT))].map(({ name }) => name).sort();
}

/** All TypeScript files below a folder of the project. */
export function sourceFiles(folder: string): SourceFile[] {
  return [...walk(new URL(`${folder}/`, ROOT), "")];
}

function* walk(base: URL, below: string): Generator<SourceFile> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(below, base))) {
    if (isDirectory) yield* walk(base, `${below}${name}/`);
    else if (/\.tsx?$/.test(name)) yield readSource(base, `${below}${name}`);
  }
}

function readSource(base: URL, path: string): SourceFile {
  const text = Deno.readTextFileSync(new URL(path, base));
  const code = text.replace(/^\s*\*.*$/gm, ""); // examples in docs import too
  const targets = [...code.matchAll(/^(?:import|export)\s(?:[^;"]*?\bfrom\s+)?"([^"]+)";/gms)].map((
    [, target],
  ) => target!);
  return {
    path,
    text,
    imports: targets.map((target) =>
      target.startsWith(".") ? posix.join(posix.dirname(path), target) : target
    ),
  };
}

/**
 * The brackets that a session and a turn offer.
 *
 * @module
 */

import { type Attributes, type Context, context } from "@opentelemetry/api";
import { spanName } from "../../semconv.ts";
import * as attr from "../../semconv_attributes.ts";
import { disposable } from "../disposable.ts";
import { homeOf, nodeParentOf } from "../group.ts";
import { Node, type NodeHandle, type NodeKind, type NodeOptions } from "./node.ts";
import type { AttemptScope } from "../scope.ts";

/** A tool that the model called. */
export interface ToolOptions {
  /** The tool's name. */
  readonly name: string;
  /** The model's id of the call: `lk.function_tool.id`. */
  readonly id?: string | undefined;
  /** Its arguments, as JSON text or as a value. Recorded only where `content.toolArguments` says so, like the result. */
  readonly arguments?: unknown;
  /** More attributes of its span. */
  readonly attributes?: Attributes | undefined;
}

/** Brackets around product operations. What is thrown inside is thrown on, and marks the span. */
export interface Brackets<E> {
  /**
   * Asks an LLM: all attempts made inside, tried again or not, are one operation. The result, such as a stream, may
   * be read later: the span ends when the attempts have.
   */
  llm<T>(options: NodeOptions, fn: (node: NodeHandle & E) => T | Promise<T>): Promise<T>;
  /** Has text spoken, likewise. */
  tts<T>(options: NodeOptions, fn: (node: NodeHandle & E) => T | Promise<T>): Promise<T>;
  /** Runs a tool that the model called. */
  tool<T>(options: ToolOptions, fn: (node: NodeHandle & E) => T | Promise<T>): Promise<T>;
  /** Runs other bounded work under a span of its own, such as `voice.deliver_initial_greeting`. */
  operation<T>(
    name: string,
    fn: (node: NodeHandle & E) => T | Promise<T>,
    attributes?: Attributes,
  ): Promise<T>;
  /** Opens a bracket that is closed elsewhere. */
  openNode(kind: "llm_node" | "tts_node" | "operation", options?: NodeOptions): NodeHandle & E;
}

/** Gives a handle its own `fetch` and the like. */
export type Equip<E> = <H extends { readonly context: Context }>(handle: H) => H & E;

/** The brackets of the session or turn whose context is `home`. */
export function bracketsOf<E>(scope: AttemptScope, home: Context, equip: Equip<E>): Brackets<E> {
  const open = (kind: NodeKind, name: string, labels: Attributes, attributes: Attributes) => {
    const parent = (kind === "operation" ? homeOf : nodeParentOf)(scope.activeContext(), home);
    const node = new Node(scope, parent, { kind, name, labels, attributes });
    return equip(disposable(node, () => node.end()));
  };
  const openNode = (
    kind: NodeKind,
    { name = kind, useCase, callSite, attributes = {} }: NodeOptions = {},
  ) => open(kind, name, { [attr.useCase]: useCase, [attr.callSite]: callSite }, attributes);
  return {
    openNode,
    llm: (options, fn) => runIn(openNode("llm_node", options), fn),
    tts: (options, fn) => runIn(openNode("tts_node", options), fn),
    tool: ({ name, id, arguments: given, attributes = {} }, fn) =>
      runIn(
        open("function_tool", spanName.functionTool, {}, {
          [attr.toolId]: id,
          [attr.toolName]: name,
          [attr.genAiToolName]: name,
          [attr.toolCallId]: id,
          [attr.operationName]: "execute_tool",
          ...scope.content?.toolArguments(given),
          ...attributes,
        }),
        fn,
        (result) => scope.content?.toolResult(result) ?? {},
      ),
    operation: (name, fn, attributes = {}) => runIn(open("operation", name, {}, attributes), fn),
  };
}

async function runIn<E, T>(
  node: NodeHandle & E,
  fn: (node: NodeHandle & E) => T | Promise<T>,
  attributesOf: (result: T) => Attributes = () => ({}),
): Promise<T> {
  try {
    const result = await context.with(node.context, () => fn(node));
    node.span.setAttributes(attributesOf(result));
    node.end();
    return result;
  } catch (error) {
    node.fail(error);
    throw error;
  }
}

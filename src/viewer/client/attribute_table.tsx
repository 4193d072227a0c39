import type { JSX } from "preact";
import type { PlainAttributes, PlainValue } from "../api.ts";
import { capturedWords } from "./captured.ts";
import { CopyButton } from "./copy_button.tsx";
import { visible } from "./format.ts";

/**
 * Attributes whose value is what people or models said. They are here only where the agent was told to capture them,
 * and even then not in plain sight: a screen is easily shared.
 */
const CONTENT = new RegExp(
  [
    String.raw`^gen_ai\.(?:input\.messages|output\.messages|system_instructions|prompt|completion)`,
    String.raw`^gen_ai\.tool\.(?:definitions|call\.(?:arguments|result))$`,
    String.raw`^lk\.pii\.`,
    // as LiveKit had them before
    String
      .raw`^lk\.(?:user_input|user_transcript|instructions|chat_ctx|input_text|response\.(?:text|function_calls))`,
    String.raw`^lk\.function_tool\.(?:arguments|output)$`,
  ].join("|"),
);

/** Attributes as they came, by name. */
export function AttributeTable({ attributes }: { readonly attributes: PlainAttributes }): JSX.Element {
  const entries = Object.entries(attributes).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  if (entries.length === 0) return <p class="muted">none</p>;
  return (
    <dl class="attributes">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{visible(name)}</dt>
          <dd>
            {CONTENT.test(name)
              ? (
                <details>
                  <summary>captured content</summary>
                  <Captured value={value} />
                </details>
              )
              : <span class="value" data-type={typeof value}>{shown(value)}</span>}
            <CopyButton text={plain(value)} what={visible(name)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What was said, by whom, where that can be told; else the value. */
function Captured({ value }: { readonly value: PlainValue }): JSX.Element {
  const words = capturedWords(value);
  if (words === undefined) return <span class="value">{shown(value)}</span>;
  return (
    <ol class="captured">
      {words.map(({ role, text }, index) => (
        <li key={index}>
          {role !== "" && <b>{visible(role)}</b>}
          <span>{visible(text)}</span>
        </li>
      ))}
    </ol>
  );
}

/** Always text: whatever the value is, it becomes a text node. */
function shown(value: PlainValue): string {
  return visible(plain(value));
}

function plain(value: PlainValue): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null)) {
    return value.join(", ");
  }
  return JSON.stringify(value, null, 1);
}

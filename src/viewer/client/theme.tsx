import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "./icons.tsx";

const CHOICES = ["auto", "light", "dark"] as const;
const ICONS = { auto: "auto", light: "sun", dark: "moon" } as const;
const KEY = "teespan.theme";

/** What was chosen; `auto` is what the system says. */
export const theme = signal<typeof CHOICES[number]>(read());

/** Counts changes of colors, for what is drawn on a canvas. */
export const colorsChanged = signal(0);

apply();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => colorsChanged.value++);

/** Light, dark, or as the system. */
export function ThemeButton(): JSX.Element {
  return (
    <button
      type="button"
      class="button quiet"
      onClick={nextTheme}
      title={`Colors: ${theme.value} (t)`}
      aria-label={`Colors: ${theme.value}`}
    >
      <Icon name={ICONS[theme.value]} />
    </button>
  );
}

/** Goes on to the next choice. */
export function nextTheme(): void {
  theme.value = CHOICES[(CHOICES.indexOf(theme.value) + 1) % CHOICES.length] ?? "auto";
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // a browser that keeps nothing still shows it
  }
  apply();
  colorsChanged.value++;
}

/** A color of the style sheet as a canvas wants it. */
export function resolveColor(variable: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function apply(): void {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}

function read(): typeof CHOICES[number] {
  try {
    return CHOICES.find((choice) => choice === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    return "auto";
  }
}

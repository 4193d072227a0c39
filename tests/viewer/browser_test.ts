/** The viewer's page in a real browser. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startViewer } from "../../src/viewer/mod.ts";
import { browserTest, openPage } from "./browser.ts";
import { EVENTFUL, NOON, sendConversations } from "./send.ts";

browserTest(
  "the demo's trace appears in the page while it runs, and its page shows the refused call",
  async () => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["task", "demo", "--view"],
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
      env: { OPENAI_API_KEY: "", ANTHROPIC_API_KEY: "", CARTESIA_API_KEY: "", NO_COLOR: "1" },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const said = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const [, found] = pattern.exec(text) ?? [];
        if (found !== undefined) return found;
        const { value, done } = await output.read();
        if (done) throw new Error(`The demo did not say ${pattern}: ${text}`);
        text += value;
      }
    };
    try {
      const url = await said(/Watch it at (http:\S+)\n/);
      await using opened = await openPage(url);
      const { page, troubles } = opened;
      const item = page.locator(".item[href]");
      await item.first().waitFor();
      await page.getByText("1 retry").waitFor();
      const address = await said(/(http:\S+\/traces\/[0-9a-f]{32})\n/);
      await item.first().click();
      await page.locator(".exchange").first().waitFor();
      assert.equal(page.url(), address);
      assert.equal(await page.locator("h1").innerText(), "voice.session");
      // the greeting is no call outside of the conversation
      assert.deepEqual(await page.locator(".exchange h2").allInnerTexts(), [
        "voice.deliver_initial_greeting",
        "Turn 1",
        "Turn 2",
        "Turn 3, unanswered",
        "Outside of turns",
      ]);
      assert.equal(await page.locator(".overview .block.operation").count(), 1);
      assert.equal(await page.locator(".exchange").first().locator(".turn.operation").count(), 1);
      assert.match(await page.locator(".flow").innerText(), /openai 429.*waited .* after 429.*openai 200/s);
      await page.locator(".flow-try.bad").click();
      const id = await page.locator(".id-list .first code").innerText();
      assert.match(id, /^req_/);
      assert.match(
        await page.locator(".card pre").innerText(),
        new RegExp(
          `^Provider: openai\nRequest id: ${id}\nTime: .*Z, took .*\nModel: gpt-5-mini\nStatus: HTTP 429`,
        ),
      );
      await said(/(until Ctrl-C)/);
      assert.match(text, new RegExp(id));
      assert.deepEqual(troubles, []);
    } finally {
      const { Deno: { build } } = globalThis;
      // the task's own child gets it too, as from a terminal
      if (build.os !== "windows") child.kill("SIGINT");
      for (let rest = await output.read(); !rest.done; rest = await output.read());
      await child.status;
    }
  },
);

browserTest("a pasted id leads to its attempt; its ids and the message for support are copied", async () => {
  await using viewer = await startViewer({ port: 0 });
  const [conversation] = await sendConversations(viewer.url, [{
    seed: 1,
    startMs: NOON,
    turns: 3,
    refused: [1],
  }]);
  const id = conversation!.refusedIds[0]!;
  await using opened = await openPage(viewer.url);
  const { page, troubles } = opened;
  const clipboard = (): Promise<string> => page.evaluate("navigator.clipboard.readText()");

  await page.keyboard.press("/");
  await page.keyboard.type(`please look at ${id}`);
  await page.locator(".hit").waitFor();
  assert.equal(await page.locator(".hit .mono").innerText(), id);
  await page.keyboard.press("Enter");
  await page.locator(".card h2").waitFor();
  assert.equal(await page.locator(".card h2").innerText(), "openai");
  assert.equal(await page.locator(".card .pill").first().innerText(), "HTTP 429, error");

  await page.locator(".id-list button").first().click();
  assert.equal(await clipboard(), id);
  await page.locator(".card .code button").click();
  assert.match(await clipboard(), new RegExp(`^Provider: openai\nRequest id: ${id}\n`));
  await page.locator(".ids button").first().click();
  assert.equal(await clipboard(), conversation!.conversationId);
  await page.keyboard.press("c");
  await page.getByText("Request id copied", { exact: true }).waitFor();
  assert.equal(await clipboard(), id);

  const answered = page.locator(".flow-try").last();
  await answered.click();
  await page.getByText("retry 1", { exact: true }).waitFor();
  assert.match(
    await page.locator(".card").innerText(),
    /Waited before it\s+250 ms[\s\S]*Input tokens\s+1,040 \(896 cached\)/,
  );
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, "/");
  assert.deepEqual(troubles, []);
});

browserTest(
  "a conversation shows its turns, the sum of each latency, barge-in, wait, reuse and silence",
  async () => {
    await using viewer = await startViewer({ port: 0 });
    const [conversation] = await sendConversations(viewer.url, [EVENTFUL]);
    await using opened = await openPage(`${viewer.url}/traces/${conversation!.traceId}`);
    const { page, troubles } = opened;
    await page.locator(".exchange").first().waitFor();
    assert.deepEqual(await page.locator(".exchange h2").allInnerTexts(), [
      "Turn 1, agent speaks",
      "Turn 2",
      "Turn 3",
      "Turn 4",
      "Outside of turns",
    ]);
    // the bar's own segments: as wide, together, as the bar
    const bars = await page.evaluate(`[...document.querySelectorAll(".exchange .latency-bar")].map((bar) => {
    const parts = [...bar.children].map((part) => part.getBoundingClientRect().width);
    return { whole: bar.getBoundingClientRect().width, sum: parts.reduce((a, b) => a + b, 0), gaps: (parts.length - 1) * 1.5 };
  })`) as { whole: number; sum: number; gaps: number }[];
    assert.equal(bars.length, 3);
    for (const { whole, sum, gaps } of bars) assert.ok(Math.abs(whole - sum - gaps) < 1, `${whole} ${sum}`);
    const text = await page.locator(".exchanges").innerText();
    for (
      const words of [
        /barge-in/,
        /cuts in/,
        /waited 250 ms after 429/,
        /quiet for \d/,
        /reused/,
        /opened in 61 ms/,
        /look_up_order/,
        /heard/,
      ]
    ) assert.match(text, words);
    await page.getByRole("button", { name: /^All spans/ }).click();
    assert.equal(await page.locator(".row").count(), 30);
    await page.keyboard.press("v");
    await page.locator(".exchange").first().waitFor();
    assert.deepEqual(troubles, []);
  },
);

browserTest("keys alone are enough: down the list, into a conversation, to a call, and back", async () => {
  await using viewer = await startViewer({ port: 0 });
  await sendConversations(
    viewer.url,
    [1, 2, 3].map((seed) => ({ seed, startMs: NOON - seed * 1000, turns: 2 })),
  );
  await using opened = await openPage(viewer.url);
  const { page, troubles } = opened;
  await page.locator(".item[href]").nth(2).waitFor();
  for (const key of ["j", "j", "k", "Enter"]) await page.keyboard.press(key);
  await page.locator(".exchange").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.locator(".card").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".card").waitFor({ state: "detached" });
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.locator(".items").waitFor();
  for (const [key, path] of [["2", "/charts"], ["3", "/metrics"], ["1", "/"]]) {
    await page.keyboard.press(key!);
    assert.equal(new URL(page.url()).pathname, path);
  }
  const themes: unknown[] = [];
  for (let press = 0; press < 3; press++) {
    await page.keyboard.press("t");
    themes.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
  }
  assert.equal(new Set(themes).size, 2);
  assert.deepEqual(troubles, []);
});

browserTest("the list is filtered, and says when nothing is left", async () => {
  await using viewer = await startViewer({ port: 0 });
  await sendConversations(viewer.url, [
    { seed: 1, startMs: NOON, turns: 2, refused: [1] },
    { seed: 2, startMs: NOON + 1000, turns: 5 },
    { seed: 3, startMs: NOON + 2000, turns: 2, bargedIn: [0] },
  ]);
  await using opened = await openPage(viewer.url);
  const { page, troubles } = opened;
  const shown = async (count: number): Promise<void> => {
    if (count > 0) await page.locator(".item[href]").nth(count - 1).waitFor();
    await page.locator(".item[href]").nth(count).waitFor({ state: "detached" });
  };
  await shown(3);
  await page.getByRole("button", { name: "With errors" }).click();
  await shown(1);
  await page.getByLabel("Provider").selectOption("anthropic");
  await shown(0);
  await page.getByRole("button", { name: "Show all" }).click();
  await shown(3);
  await page.getByLabel("Slow turns").selectOption("5");
  await page.getByText("None is like that.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("button", { name: "Forget all?" }).click();
  await page.getByText("Waiting for the first call").waitFor();
  assert.deepEqual(troubles, []);
});

browserTest("what had to go for want of room is counted in sight", async () => {
  await using viewer = await startViewer({ port: 0, maxSpans: 30 });
  for (const seed of [1, 2]) await sendConversations(viewer.url, [{ seed, startMs: NOON, turns: 2 }]);
  await using opened = await openPage(viewer.url);
  const { page, troubles } = opened;
  await page.getByText("19 dropped").waitFor();
  const title = await page.locator(".fill").getAttribute("title");
  assert.match(title ?? "", /Dropped for want of room: 1 trace, 19 spans/);
  assert.equal(await page.locator(".item[href]").count(), 1);
  assert.deepEqual(troubles, []);
});

browserTest(
  "the empty page says how to begin; what is gone says so; a viewer that ended is noticed",
  async () => {
    const viewer = await startViewer({ port: 0 });
    await using opened = await openPage(viewer.url);
    const { page, troubles } = opened;
    await page.getByText("Waiting for the first call").waitFor();
    assert.equal(
      await page.locator(".empty pre").innerText(),
      `export OTEL_EXPORTER_OTLP_ENDPOINT=${viewer.url}\ndeno run -A agent.ts`,
    );
    await sendConversations(viewer.url, [{ seed: 1, startMs: NOON, turns: 1 }]);
    await page.locator(".item[href]").waitFor();
    assert.deepEqual(troubles, []);
    await page.goto(`${viewer.url}/traces/${"0".repeat(31)}1`);
    await page.getByText("This trace is not kept, or not any more.").waitFor();
    await viewer.close();
    await page.getByRole("alert").waitFor();
    assert.match(await page.getByRole("alert").innerText(), /does not answer/);
  },
);

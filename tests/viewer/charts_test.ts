/** What is drawn on canvas, how pages fit, and how much they carry, in a real browser. */

import assert from "node:assert/strict";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { startViewer } from "../../src/viewer/mod.ts";
import { browserTest, openPage } from "./browser.ts";
import { ask, EVENTFUL, NOON, sendConversations, telemetryTo } from "./send.ts";
import type { Summary } from "../../src/viewer/api.ts";

/** The colors on each canvas, beside nothing: how many dots have some. */
const INK = `[...document.querySelectorAll("canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] > 0) ink++;
  return ink;
})`;

browserTest("charts draw, follow what comes, and are named for those who do not see them", async () => {
  await using viewer = await startViewer({ port: 0 });
  await sendConversations(
    viewer.url,
    Array.from({ length: 8 }, (_, seed) => ({ seed, startMs: NOON + seed * 30_000, turns: 6, refused: [1] })),
  );
  await using opened = await openPage(`${viewer.url}/charts`);
  const { page, troubles } = opened;
  await page.locator("canvas").nth(7).waitFor();
  const ink = await page.evaluate(INK) as number[];
  assert.equal(ink.length, 8);
  for (const dots of ink) assert.ok(dots > 500, `${ink}`);
  const labels = await page.evaluate(
    `[...document.querySelectorAll(".plot")].map((plot) => plot.ariaLabel)`,
  ) as string[];
  assert.ok(labels.every((label) => label.length > 10));
  const panel = page.locator(".panel").first();
  assert.match(
    await panel.innerText(),
    /End-to-end latency[\s\S]*gpt-5-mini\s+p50 [\d.]+ m?s\s+p95 [\d.]+ m?s\s+40/,
  );
  assert.match(await page.locator(".usage").innerText(), /sonic-3\.5[\s\S]*gpt-5-mini[\s\S]*nova-3/);
  await sendConversations(viewer.url, [{ seed: 99, startMs: NOON + 300_000, turns: 6 }]);
  await panel.getByText("45", { exact: true }).waitFor();
  await page.locator(".plot .u-over").first().click();
  await page.locator(".card").waitFor();
  assert.deepEqual(troubles, []);
});

browserTest("pages fit narrow screens, in light and dark", async () => {
  await using viewer = await startViewer({ port: 0 });
  const [conversation] = await sendConversations(viewer.url, [{ ...EVENTFUL, turns: 4 }]);
  const paths = [
    "/",
    "/charts",
    "/metrics",
    `/traces/${conversation!.traceId}`,
    `/traces/${conversation!.traceId}?view=spans`,
  ];
  for (const [width, dark] of [[360, false], [820, true], [1920, false]] as const) {
    await using opened = await openPage(viewer.url, { width, dark });
    const { page, troubles } = opened;
    for (const path of paths) {
      await page.goto(viewer.url + path);
      await page.locator("main > *").first().waitFor();
      await page.waitForTimeout(100);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      assert.ok((overflow as number) <= 0, `${path} at ${width}: ${overflow}`);
    }
    assert.deepEqual(troubles, []);
  }
});

browserTest("10,000 spans are listed and scrolled without lag: in one trace, and in a thousand", async () => {
  await using viewer = await startViewer({ port: 0 });
  await using telemetry = telemetryTo(viewer.url);
  const root = telemetry.tracer.startSpan("large", { startTime: NOON });
  let context = trace.setSpan(ROOT_CONTEXT, root);
  for (let index = 1; index < 10_000; index++) {
    const span = telemetry.tracer.startSpan(`step ${index}`, {
      startTime: NOON + index,
      attributes: { "gen_ai.provider.name": "openai", index },
    }, context);
    if (index % 1000 === 0) context = trace.setSpan(context, span);
    span.end(NOON + index + 20);
  }
  root.end(NOON + 10_020);
  const begun = performance.now();
  await telemetry.flush();
  const taken = performance.now() - begun;
  assert.equal((await ask<Summary>(viewer, "summary")).spans, 10_000);

  await using opened = await openPage("about:blank");
  const { page, troubles } = opened;
  const show = async (path: string, what: string): Promise<number> => {
    const asked = performance.now();
    await page.goto(viewer.url + path);
    await page.locator(what).first().waitFor();
    return performance.now() - asked;
  };
  const large = await show(`/traces/${root.spanContext().traceId}?view=spans`, ".row");
  assert.ok(await page.locator(".row").count() < 100, "only what is in sight is in the document");
  // each frame while it scrolls through all of it
  const frames = await page.evaluate(`new Promise((done) => {
    const rows = document.querySelector(".waterfall-rows");
    const times = [];
    let last = performance.now();
    const step = (now) => {
      times.push(now - last);
      last = now;
      rows.scrollTop += rows.scrollHeight / 60;
      if (times.length < 61) requestAnimationFrame(step);
      else done(times.slice(1).sort((a, b) => a - b));
    };
    requestAnimationFrame(step);
  })`) as number[];
  await page.getByText("step 9999").waitFor();

  await sendConversations(
    viewer.url,
    Array.from({ length: 1000 }, (_, seed) => ({ seed, startMs: NOON + seed * 1000, turns: 1 })),
  );
  const listed = await show("/", ".item[href]");
  console.log(
    `10,000 spans: sent and kept in ${taken.toFixed(0)} ms, their tree shown after ${large.toFixed(0)} ms, ` +
      `scrolled at ${frames[30]!.toFixed(0)} ms a frame (p95 ${
        frames[57]!.toFixed(0)
      }); a list of 1,001 after ${listed.toFixed(0)} ms`,
  );
  // far beyond what is measured: a busy machine is not a fault
  assert.ok(
    taken < 15_000 && large < 8_000 && listed < 8_000 && frames[30]! < 200,
    `${taken} ${large} ${listed} ${frames[30]}`,
  );
  // a conversation of hours
  const [long] = await sendConversations(viewer.url, [{ seed: 7, startMs: NOON - 1e8, turns: 1400 }]);
  const talk = await show(`/traces/${long!.traceId}`, ".exchange");
  assert.ok(talk < 8_000, `${talk}`);
  await page.locator(".block.agent").last().click();
  await page.getByRole("heading", { name: "Turn 1401" }).waitFor();
  console.log(`a conversation of 1,401 turns after ${talk.toFixed(0)} ms`);
  await show("/", ".item[href]");
  await page.locator(".item[href]").last().scrollIntoViewIfNeeded();
  await page.locator(".item[href]").nth(100).waitFor();
  assert.deepEqual(troubles, []);
});

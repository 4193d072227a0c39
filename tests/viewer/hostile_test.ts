/** Telemetry comes over the network: whatever stands in it is shown as text. */

import assert from "node:assert/strict";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { startViewer } from "../../src/viewer/mod.ts";
import { browserTest, openPage } from "./browser.ts";
import { NOON, telemetryTo } from "./send.ts";

/** Each would run, in a page that took it for markup; the number tells where it stood. */
let planted = 0;
function plant(): string {
  planted++;
  return `"><img src=x onerror="window.planted=${planted}"><script>window.planted=${planted}</script>` +
    `<svg onload=window.planted=${planted}></svg><a href="javascript:window.planted=${planted}">x</a>\${planted}{{planted}}`;
}

/** Every attribute that the viewer understands as text, and some that it does not. */
const TEXTS = [
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "gen_ai.response.model",
  "gen_ai.response.id",
  "gen_ai.operation.name",
  "gen_ai.conversation.id",
  "openai.response.service_tier",
  "http.request.method",
  "server.address",
  "url.full",
  "error.type",
  "teespan.error.code",
  "teespan.outcome",
  "teespan.language",
  "teespan.retry.reason",
  "teespan.turn.kind",
  "teespan.turn.clock",
  "teespan.turn.outcome",
  "teespan.turn.e2e_source",
  "lk.eou.source",
  "lk.speech_id",
  "lk.function_tool.name",
  "gen_ai.tool.name",
  "llm.use_case",
  "llm.call_site",
  "tenant.id",
  "voice.room_name",
  "voice.disconnect_reason",
  "outcome",
  "gen_ai.input.messages",
];
const LISTS = ["lk.provider_request_ids", "gen_ai.response.finish_reasons", "teespan.tool_calls"];

function hostileAttributes(node?: string): Record<string, string | number | boolean | string[]> {
  return {
    ...Object.fromEntries(TEXTS.map((name) => [name, plant()])),
    ...Object.fromEntries(LISTS.map((name) => [name, [plant(), plant()]])),
    [plant()]: plant(),
    ...node === undefined ? {} : { "teespan.node": node },
    "lk.e2e_latency": 1.2,
    "lk.response.ttft": 0.1,
    "lk.response.ttfb": 0.1,
    "lk.interrupted": true,
    "lk.retry_count": 1,
    "teespan.retry.delay": 0.1,
    "teespan.turn.latency.llm_ttft": 0.7,
    "gen_ai.usage.input_tokens": 7,
    "teespan.connection.reused": true,
  };
}

async function sendHostile(endpoint: string): Promise<string> {
  await using telemetry = telemetryTo(endpoint, {
    serviceName: plant(),
    resourceAttributes: { [plant()]: plant() },
  });
  const tracer = telemetry.tracerProvider.getTracer(plant(), plant());
  const draw = (
    name: string,
    parent: typeof ROOT_CONTEXT,
    from: number,
    until: number,
    kind = SpanKind.INTERNAL,
    node?: string,
  ) => {
    const attributes = hostileAttributes(node);
    const span = tracer.startSpan(name, { startTime: NOON + from, kind, attributes, links: [] }, parent);
    span.addEvent(plant(), { [plant()]: plant() }, NOON + from);
    span.setStatus({ code: SpanStatusCode.ERROR, message: plant() });
    span.end(NOON + until);
    return trace.setSpan(parent, span);
  };
  const session = draw(plant(), ROOT_CONTEXT, 0, 5000);
  const user = draw("user_turn", session, 0, 1000);
  draw("eou_detection", user, 800, 1000);
  const turn = draw("agent_turn", session, 1000, 4000);
  const node = draw(plant(), turn, 1000, 3000, SpanKind.INTERNAL, "llm_node");
  draw("llm_request_run", node, 1010, 1400, SpanKind.CLIENT);
  draw("llm_request_run", node, 1500, 3000, SpanKind.CLIENT);
  draw("function_tool", turn, 3000, 3200);
  draw("tts_request_run", turn, 3200, 4000, SpanKind.CLIENT);
  draw(plant(), session, 4000, 5000);
  const meter = telemetry.meterProvider.getMeter(plant());
  meter.createHistogram("calls", { unit: plant().slice(0, 60), description: plant() }).record(1, {
    [plant()]: plant(),
  });
  meter.createCounter("sums", { description: plant() }).add(1, { [plant()]: plant() });
  await telemetry.flush();
  return trace.getSpan(session)!.spanContext().traceId;
}

browserTest(
  "markup in every name, attribute, event, resource and metric stays text",
  async () => {
    await using viewer = await startViewer({ port: 0 });
    const traceId = await sendHostile(viewer.url);
    assert.ok(planted > 400);
    await using opened = await openPage(viewer.url);
    const { page, troubles } = opened;
    const check = async (where: string): Promise<void> => {
      const found = await page.evaluate(`({
        planted: window.planted,
        elements: document.querySelectorAll("img, body script, iframe, svg[onload], [onerror], [onload], a[href^='javascript']").length,
        text: document.body.innerText.includes("<img src=x onerror="),
      })`);
      assert.deepEqual(found, { planted: undefined, elements: 0, text: true }, where);
    };
    await page.locator(".item[href]").waitFor();
    await check("list");
    await page.keyboard.press("/");
    await page.keyboard.type("<img src=x");
    await page.locator(".hit").first().waitFor();
    await check("search");
    await page.keyboard.press("Escape");
    await page.locator(".item[href]").click();
    await page.locator(".exchange").first().waitFor();
    await check("conversation");
    const stops = page.locator(".try, .turn, .eou");
    const count = await stops.count();
    assert.ok(count >= 7, `${count}`);
    for (let index = 0; index < count; index++) {
      await stops.nth(index).focus();
      await page.keyboard.press("Enter");
      await page.locator(".card .attributes:visible").first().waitFor();
      for (const summary of await page.locator(".card summary").all()) await summary.click();
      await check(`card ${index}`);
      await page.keyboard.press("Escape");
    }
    await page.goto(`${viewer.url}/traces/${traceId}?view=spans`);
    await page.locator(".row").first().waitFor();
    await check("spans");
    await page.goto(`${viewer.url}/charts`);
    await page.locator("canvas").first().waitFor();
    await check("charts");
    await page.goto(`${viewer.url}/metrics`);
    await page.locator(".metric").first().waitFor();
    await page.locator(".metric .link").first().click();
    await page.locator("canvas").first().waitFor();
    await check("metrics");
    assert.deepEqual(troubles, []);
  },
);

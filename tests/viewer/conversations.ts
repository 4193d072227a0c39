/** Conversations as a voice agent leaves them, seeded: the same seed, the same calls. Sent as real OTLP. */

import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { seededRandom } from "../support/cuts.ts";
import type { Conversation, ConversationOptions } from "./conversation_options.ts";

const LLMS = [["openai", "gpt-5-mini", "gpt-5-mini-2025-08-07"], [
  "anthropic",
  "claude-haiku-4-5",
  "claude-haiku-4-5-20251001",
]] as const;

/** Draws one conversation with a tracer. */
export function drawConversation(tracer: Tracer, options: ConversationOptions): Conversation {
  const { seed, startMs, turns, ended = true, refused = [], bargedIn = [], failedTool = [] } = options;
  const random = seededRandom(seed);
  const between = (least: number, most: number): number => least + (most - least) * random();
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join("");
  const conversationId = options.conversationId ?? `call-${hex(8)}`;
  const requestIds: string[] = [];
  const refusedIds: string[] = [];
  const latencies: number[] = [];

  interface Drawn {
    readonly from: number;
    readonly until: number;
    readonly attributes?: Attributes;
    readonly kind?: SpanKind;
    readonly error?: string;
  }
  const draw = (name: string, parent: Context, span: Drawn, inside?: (own: Context) => void): void => {
    const { kind = SpanKind.INTERNAL, attributes = {} } = span;
    const own = tracer.startSpan(name, { startTime: startMs + span.from * 1000, kind, attributes }, parent);
    inside?.(trace.setSpan(parent, own));
    if (span.error !== undefined) own.setStatus({ code: SpanStatusCode.ERROR, message: span.error });
    own.end(startMs + span.until * 1000);
  };
  const attempt = (name: string, parent: Context, id: string, span: Drawn): void => {
    requestIds.push(id);
    const outcome = span.error === undefined ? "success" : "error";
    draw(name, parent, {
      ...span,
      kind: SpanKind.CLIENT,
      attributes: { "lk.provider_request_ids": [id], "teespan.outcome": outcome, ...span.attributes },
    });
  };

  const session = tracer.startSpan("voice.session", {
    startTime: startMs,
    attributes: {
      "gen_ai.conversation.id": conversationId,
      "tenant.id": "acme",
      "voice.room_name": `room-${hex(4)}`,
    },
  }, ROOT_CONTEXT);
  const inSession = trace.setSpan(ROOT_CONTEXT, session);
  let now = 0.4;
  let speaks = 0;

  function speak(parent: Context, from: number, ttfb: number, seconds: number): void {
    const first = speaks++ === 0;
    const until = from + ttfb + Math.min(seconds * 0.35, 1.6);
    draw("tts_node", parent, {
      from: from - 0.002,
      until: until + 0.001,
      attributes: { "teespan.node": "tts_node" },
    }, (node) => {
      attempt("tts_request_run", node, `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`, {
        from,
        until,
        attributes: {
          "gen_ai.provider.name": "cartesia",
          "gen_ai.request.model": "sonic-3.5",
          "lk.response.ttfb": ttfb,
          "lk.response.ttft": ttfb,
          "teespan.characters": Math.round(seconds * 15),
          "teespan.audio.duration": seconds,
          "server.address": "api.cartesia.ai",
          "url.full": "wss://api.cartesia.ai/tts/websocket?cartesia_version=2026-03-01",
          "teespan.connection.reused": !first,
          ...first ? { "teespan.connection.acquire_time": 0.061 } : { "teespan.connection.age": from },
        },
      });
    });
  }

  function think(parent: Context, turn: number, asked: number, ttft: number, until: number): void {
    const [provider, model, answered] = LLMS[turn % 5 === 4 ? 1 : 0]!;
    const common = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": provider,
      "gen_ai.request.model": model,
      "gen_ai.request.stream": true,
      "server.address": `api.${provider}.com`,
      "http.request.method": "POST",
      "url.full": `https://api.${provider}.com/v1/chat/completions`,
    };
    const wasRefused = refused.includes(turn);
    const attributes = {
      "teespan.node": "llm_node",
      "llm.use_case": "voice.reply",
      "llm.call_site": "turn.reply",
      "outcome": "success",
    };
    draw("llm.voice_response", parent, { from: asked, until, attributes }, (node) => {
      let from = asked + 0.001;
      if (wasRefused) {
        const id = `req_${hex(32)}`;
        refusedIds.push(id);
        attempt("llm_request_run", node, id, {
          from,
          until: from + 0.09,
          error: "429",
          attributes: {
            ...common,
            "lk.retry_count": 0,
            "http.response.status_code": 429,
            "error.type": "429",
            "teespan.error.code": "rate_limit_exceeded",
          },
        });
        from += 0.09 + 0.25;
      }
      attempt("llm_request_run", node, `req_${hex(32)}`, {
        from,
        until,
        attributes: {
          ...common,
          "lk.retry_count": wasRefused ? 1 : 0,
          ...wasRefused ? { "teespan.retry.delay": 0.25, "teespan.retry.reason": "429" } : {},
          "gen_ai.response.model": answered,
          "gen_ai.response.id": `chatcmpl-${hex(24)}`,
          "gen_ai.response.finish_reasons": ["stop"],
          "http.response.status_code": 200,
          "lk.response.ttft": ttft - (from - asked),
          "gen_ai.usage.input_tokens": Math.round(900 + turn * 140),
          "gen_ai.usage.cache_read.input_tokens": turn === 0 ? 0 : 896,
          "gen_ai.usage.output_tokens": Math.round(between(30, 160)),
        },
      });
    });
  }

  const say = between(1.4, 2);
  draw("agent_turn", inSession, {
    from: now,
    until: now + 0.15 + say,
    attributes: { "teespan.turn.kind": "say", "lk.speech_id": `speech_${hex(8)}`, "lk.interrupted": false },
  }, (turn) => speak(turn, now + 0.01, between(0.1, 0.16), say));
  now += 0.15 + say + between(0.3, 2.5);

  for (let turn = 0; turn < turns; turn++) {
    const spoke = between(1.2, 3.8);
    const parts = {
      transcription: between(0.09, 0.24),
      end_of_turn: between(0.18, 0.5),
      reply: between(0.003, 0.02),
      llm_ttft: between(0.24, 0.7) + (refused.includes(turn) ? 0.34 : 0) + (random() > 0.9 ? 1.1 : 0),
      ...failedTool.includes(turn)
        ? { tool_call: 0.02, tools: 0.38, llm_follow_up: between(0.2, 0.4) }
        : { tool_call: 0, tools: 0, llm_follow_up: 0 },
      speech_wait: between(0.03, 0.14),
      tts_ttfb: between(0.09, 0.2),
      playback: between(0.02, 0.05),
    };
    const e2e = Object.values(parts).reduce((sum, part) => sum + part, 0);
    latencies.push(e2e);
    const stopped = now + spoke;
    const committed = stopped + parts.transcription + parts.end_of_turn;
    draw("user_turn", inSession, {
      from: now,
      until: committed,
      attributes: {
        "gen_ai.provider.name": "deepgram",
        "gen_ai.request.model": "nova-3",
        "lk.provider_request_ids": [`${hex(8)}-${hex(4)}-4${hex(3)}-b${hex(3)}-${hex(12)}`],
        "lk.transcription_delay": parts.transcription,
        "lk.end_of_turn_delay": parts.transcription + parts.end_of_turn,
        "teespan.turn.clock": "vad",
        "teespan.turn.outcome": "committed",
      },
    }, (own) =>
      draw("eou_detection", own, {
        from: stopped + parts.transcription,
        until: committed,
        attributes: {
          "lk.eou.probability": between(0.7, 0.99),
          "lk.eou.source": "vad",
          "lk.eou.detection_delay": parts.end_of_turn,
        },
      }));
    const asked = committed + parts.reply;
    const firstToken = asked + parts.llm_ttft;
    const ran = firstToken + parts.tool_call;
    const askedAgain = ran + parts.tools;
    const toTts = askedAgain + parts.llm_follow_up + parts.speech_wait;
    const heard = toTts + parts.tts_ttfb + parts.playback;
    const seconds = between(2, 6);
    const interrupted = bargedIn.includes(turn);
    const silent = heard + (interrupted ? seconds * 0.4 : seconds);
    draw("agent_turn", inSession, {
      from: committed,
      until: silent,
      attributes: {
        "lk.speech_id": `speech_${hex(8)}`,
        "lk.e2e_latency": e2e,
        "lk.interrupted": interrupted,
        "lk.response.ttft": parts.llm_ttft,
        "lk.response.ttfb": parts.tts_ttfb,
        "lk.transcription_delay": parts.transcription,
        "lk.end_of_turn_delay": parts.transcription + parts.end_of_turn,
        "teespan.turn.kind": "reply",
        "teespan.turn.e2e_source": "playback",
        ...Object.fromEntries(
          Object.entries(parts).filter(([, value]) => value > 0).map((
            [part, value],
          ) => [`teespan.turn.latency.${part}`, value]),
        ),
      },
    }, (own) => {
      const written = failedTool.includes(turn) ? ran : firstToken + between(0.5, 1.2);
      think(own, turn, asked, parts.llm_ttft, written);
      if (failedTool.includes(turn)) {
        draw("function_tool", own, {
          from: ran,
          until: askedAgain,
          error: "TimeoutError",
          attributes: {
            "teespan.node": "function_tool",
            "lk.function_tool.name": "look_up_order",
            "gen_ai.tool.name": "look_up_order",
            "error.type": "TimeoutError",
          },
        });
        think(own, turn, askedAgain, parts.llm_follow_up, toTts + between(0.3, 0.8));
      }
      speak(own, toTts, parts.tts_ttfb, seconds);
    });
    now = interrupted ? silent - 0.35 : silent + between(0.3, 2.6);
  }

  attempt("stt_request_run", inSession, `${hex(8)}-${hex(4)}-4${hex(3)}-9${hex(3)}-${hex(12)}`, {
    from: 0.05,
    until: now + 0.3,
    attributes: {
      "gen_ai.provider.name": "deepgram",
      "gen_ai.request.model": "nova-3",
      "server.address": "api.deepgram.com",
      "teespan.connection.reused": false,
      "teespan.connection.acquire_time": 0.083,
      "teespan.audio.sent_duration": now,
      "teespan.language": "en",
      "teespan.stt.reconnects": 0,
    },
  });
  if (ended) {
    session.setAttributes({
      "voice.disconnect_reason": "client",
      "outcome": "success",
      "voice.duration_ms": (now + 0.4) * 1000,
    });
    session.end(startMs + (now + 0.4) * 1000);
  }
  return { traceId: session.spanContext().traceId, conversationId, requestIds, refusedIds, e2e: latencies };
}

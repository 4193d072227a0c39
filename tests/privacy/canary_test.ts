/**
 * Nothing private leaves: every fixture is played with canaries where secrets travel, and what is exported is searched
 * for them, and for every text, tool argument and piece of audio that was asked or answered.
 */

import type { ContentOptions } from "../../mod.ts";
import { httpFixtures, socketFixtures } from "../support/fixtures.ts";
import { playHttp, playSocket } from "../support/play_fixture.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { assertPrivate, framedValues, jsonValues, privateTexts } from "./canaries.ts";

/** Content that is not recorded, and content that is but whose every text is taken out. */
const WAYS: readonly [string, ContentOptions | undefined][] = [
  ["off", undefined],
  ["redacted", { prompts: true, transcripts: true, toolArguments: true, redact: () => undefined }],
];

for (const [way, content] of WAYS) {
  Deno.test(`no secret and no content leaves with a call over HTTP, read or cancelled; content ${way}`, async () => {
    for (const fixture of httpFixtures) {
      for (const ending of ["read", "cancel"] as const) {
        await using receiver = await startReceiver();
        await playHttp(fixture, { endpoint: receiver.url, content }, ending);
        const exported = receiver.requests.map(({ body }) => new TextDecoder().decode(body)).join("\n");
        const texts = [fixture.request.body, ...jsonValues(fixture.body)].flatMap((
          value,
        ) => [...privateTexts(value)]);
        try {
          assertPrivate(exported, texts);
        } catch (error) {
          throw new Error(`${fixture.provider}/${fixture.case}, ${ending}`, { cause: error });
        }
      }
    }
  });

  Deno.test(`no secret and no content leaves with a socket; content ${way}`, async () => {
    for (const fixture of socketFixtures) {
      await using receiver = await startReceiver();
      await playSocket(fixture, { endpoint: receiver.url, content });
      const exported = receiver.requests.map(({ body }) => new TextDecoder().decode(body)).join("\n");
      try {
        assertPrivate(exported, privateTexts([fixture.frames, ...framedValues(fixture.frames)]));
      } catch (error) {
        throw new Error(`${fixture.provider}/${fixture.case}`, { cause: error });
      }
    }
  });
}

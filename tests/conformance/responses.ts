/** Responses: what they say, are, and give when they are read as a whole. */

import { consume, ending, head, type JudgedCall, methods, state } from "./judged.ts";

export const responses: readonly JudgedCall[] = [
  // response-consume, response-consume-empty, response-consume-stream, response-form-data
  ...["text", "json", "broken json", "bom", "empty", "form", "multipart", "gzip", "204"].flatMap((answer) =>
    methods.map((method): JudgedCall => ({
      name: `${method}() of ${answer}, and once more`,
      run: async (call) => {
        const response = await call(answer);
        const before = state(response);
        const pending = ending(() => consume(response, method));
        const during = state(response);
        const first = await pending;
        const again = await ending(() => consume(response, method));
        return [before, during, first, state(response), again, await ending(() => state(response.clone()))];
      },
    }))
  ),
  // headers-basic, response-init, redirect-location, null bodies
  ...["text", "json", "empty", "redirect", "204", "205", "304", "404", "500"].map((answer): JudgedCall => ({
    name: `status, headers, url and type of ${answer}`,
    run: async (call) => {
      const response = await call(answer);
      const seen = [head(response), state(response), head(response.clone()), response.headers.getSetCookie()];
      return [...seen, await ending(() => response.text())];
    },
  })),
  ...(["manual", "error", "follow"] as const).map((redirect): JudgedCall => ({
    name: `redirect: ${redirect}`,
    run: (call) =>
      ending(async () => {
        const response = await call("redirect", { redirect });
        return [head(response), state(response), await response.text()];
      }),
  })),
  {
    name: "the guard of headers",
    run: async (call) => {
      const response = await call("text");
      const outcomes = [
        await ending(() => response.headers.set("x-new", "1")),
        await ending(() => response.headers.append("x-a", "3")),
        await ending(() => response.headers.delete("x-a")),
        await ending(() => response.headers.set("bad name", "1")),
        await ending(() => response.headers.set("set-cookie", "c")),
        [...response.headers].filter(([name]) => name !== "date"),
      ];
      await response.body?.cancel();
      return outcomes;
    },
  },
  {
    name: "what a response is",
    run: async (call) => {
      const response = await call("text");
      const seen = [
        response instanceof Response,
        Object.prototype.toString.call(response),
        Object.getPrototypeOf(response) === Response.prototype,
        response.headers === response.headers,
        response.body === response.body,
        Object.keys(response),
        "error" in Object(await ending(() => (response as { status: number }).status = 1)),
        "error" in Object(await ending(() => (response as { url: string }).url = "x")),
        await ending(() => Reflect.apply(Response.prototype.text, {}, [])),
        head(new Response(response.body, response)),
      ];
      return seen;
    },
  },
  {
    name: "static methods have nothing to do with it",
    run: (call) =>
      ending(async () => {
        const response = await call("204");
        const Class = response.constructor as typeof Response;
        return [head(Class.error()), head(Class.redirect("http://x.test/", 303)), head(Class.json({ a: 1 }))];
      }),
  },
  // response-clone
  {
    name: "clone() before reading, both read",
    run: async (call) => {
      const response = await call("text");
      const clone = response.clone();
      const states = [state(response), state(clone), response.body === clone.body, head(clone)];
      return [
        ...states,
        ...await Promise.all([response.text(), clone.text()]),
        state(response),
        state(clone),
      ];
    },
  },
  {
    name: "clone() of a clone, one cancelled",
    run: async (call) => {
      const response = await call("slow");
      const clone = response.clone();
      const third = clone.clone();
      void response.body?.cancel("done").catch(() => {});
      const texts = await Promise.all([clone.text(), third.text()]);
      return [texts, state(response), state(clone), head(third)];
    },
  },
  {
    name: "clone() of one that is locked or read",
    run: async (call) => {
      const response = await call("text");
      const reader = response.body!.getReader();
      const locked = await ending(() => response.clone());
      reader.releaseLock();
      const released = await ending(() => state(response.clone()));
      await response.text();
      return [locked, released, await ending(() => response.clone())];
    },
  },
];

import { Hono } from "hono";
import { script, scriptHash, style } from "./page.gen.ts";

/** The one document; what it shows is decided by its script. */
const DOCUMENT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Teespan viewer</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/page.css?v=${scriptHash}">
<script type="module" src="/assets/page.js?v=${scriptHash}"></script>
</head>
<body>
<div id="app"></div>
<noscript>The viewer's page is made by its script. Switch scripts on to see traces.</noscript>
</body>
</html>
`;

const ICON =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#16202c"/>
<rect x="6" y="8" width="20" height="4" rx="2" fill="#7aa2f7"/><rect x="6" y="14" width="9" height="4" rx="2" fill="#f2a65a"/>
<rect x="13" y="20" width="13" height="4" rx="2" fill="#5cc8a8"/></svg>`;

/** The routes of the page itself. */
export function pageRoutes(): Hono {
  const app = new Hono();
  app.get(
    "/assets/page.js",
    (c) => c.body(script, 200, { "content-type": "text/javascript; charset=utf-8" }),
  );
  app.get("/assets/page.css", (c) => c.body(style, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/assets/icon.svg", (c) => c.body(ICON, 200, { "content-type": "image/svg+xml" }));
  for (const path of ["/", "/charts", "/metrics", "/traces/:traceId"]) app.get(path, (c) => c.html(DOCUMENT));
  return app;
}

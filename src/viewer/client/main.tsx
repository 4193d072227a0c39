import { type JSX, render } from "preact";
import type { Summary } from "../api.ts";
import { ChartsPage } from "./charts_page.tsx";
import { Header } from "./header.tsx";
import { Keys, listenToKeys } from "./keys.tsx";
import { ListPage } from "./list_page.tsx";
import { connection, listen } from "./live.ts";
import { MetricsPage } from "./metrics_page.tsx";
import { route } from "./route.ts";
import { TracePage } from "./trace_page.tsx";
import { useQuery } from "./use_query.ts";

function App(): JSX.Element {
  const { data: summary } = useQuery<Summary>("/api/summary");
  const { page } = route.value;
  return (
    <>
      <a class="skip" href="#content">Skip to the content</a>
      <Header summary={summary} />
      {connection.value === "lost" && (
        <p class="banner" role="alert">
          The viewer at {location.host} does not answer. What you see may be old; trying again…
        </p>
      )}
      {summary?.loopback === false && (
        <p class="banner open">
          Open to others: everyone who reaches this machine can read what is kept here.
        </p>
      )}
      <div id="content">
        {page === "list" && <ListPage summary={summary} />}
        {page === "trace" && <TracePage />}
        {page === "charts" && <ChartsPage providers={summary?.providers ?? []} />}
        {page === "metrics" && <MetricsPage />}
      </div>
      <Keys />
    </>
  );
}

listen();
listenToKeys();
render(<App />, document.getElementById("app")!);

// What the playground's page runs, and its worker: the same text, which `deno task update` bundles into playing.js.

import { servePage } from "./page/page_end.js";
import { trainingWorker } from "./worker.ts";

if ("document" in globalThis) servePage();
else {
  const answer = trainingWorker((report) => postMessage(report));
  addEventListener("message", ({ data }) => answer(data));
}

/** What a page of tests may fetch: the script, and files of the repository. @module */
import { join, normalize } from "@std/path";
import { ROOT } from "./bundle.ts";

/** An answer to a request. */
export interface Answer {
  status: number;
  contentType: string;
  body: string | Uint8Array;
}

/** What the tests' modules import of Node's and no test that runs in a page calls. */
const NODE = { imports: { "node:crypto": "data:text/javascript,export const createHash = undefined;" } };

const html = `<!doctype html><title>tests</title><script type="importmap">${
  JSON.stringify(NODE)
}</script><script type="module" src="/tests.js"></script>`;

/**
 * Answers a page's request: `/` is the page, `/tests.js` its script, `/files/…` a file of the repository, or with
 * `?list` what a folder holds.
 *
 * @param url The request.
 * @param script The bundle of tests.
 */
export async function answer({ pathname, search }: URL, script: string): Promise<Answer> {
  if (pathname === "/") return { status: 200, contentType: "text/html", body: html };
  if (pathname === "/tests.js") return { status: 200, contentType: "text/javascript", body: script };
  const path = normalize(decodeURIComponent(pathname));
  if (!path.startsWith("/files/")) return { status: 404, contentType: "text/plain", body: "" };
  const file = join(ROOT, path.slice("/files/".length));
  try {
    if (search !== "?list") {
      return { status: 200, contentType: "application/octet-stream", body: await Deno.readFile(file) };
    }
    const entries = await Array.fromAsync(Deno.readDir(file));
    return { status: 200, contentType: "application/json", body: JSON.stringify(entries) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { status: 404, contentType: "text/plain", body: "" };
  }
}

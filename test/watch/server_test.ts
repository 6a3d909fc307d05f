import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { eventStream } from "../../src/watch/event_stream.ts";
import { Feed } from "../../src/watch/feed.ts";
import type { Snapshot } from "../../src/watch/regions.ts";
import { RunReader } from "../../src/watch/run_reader.ts";
import type { RunView } from "../../src/watch/run_view.ts";
import { serveWatch, type WatchServer } from "../../src/watch/server.ts";
import { needs } from "../house/permissions.ts";
import { timelessFiles } from "../tune/timeless_files.ts";
import { copyNow, engineAt, killCopied, withRuns } from "./_run.ts";

const test = needs("net");

/** A view that says a number, and as much else as is wanted. */
function viewOf(number: number, text = ""): RunView {
  return {
    folder: "runs/<b>",
    state: "running",
    heard: null,
    error: null,
    tasks: ["<i>"],
    methods: ["ew"],
    seeds: [1],
    began: null,
    sittings: 1,
    parts: [],
    doing: null,
    secondsLeft: null,
    losses: null,
    log: [{ at: 0, text: `number ${number}` }, { at: 0, text }],
  };
}

/** A feed that has something new at every look. */
function counting(text = ""): { feed: Feed; looks: () => number } {
  let looks = 0;
  return { feed: new Feed(() => Promise.resolve(viewOf(++looks, text)), 1), looks: () => looks };
}

async function serving(feed: Feed, work: (server: WatchServer, port: number) => Promise<void>) {
  const server = serveWatch(feed, 0);
  try {
    await work(server, Number(new URL(server.url).port));
  } finally {
    await server.close();
  }
}

interface Event {
  id: string;
  snapshot: Snapshot;
}

/** The snapshots of a stream, as they come. */
async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Event> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const pieces = (rest + text).split("\n\n");
    rest = pieces.pop()!;
    for (const piece of pieces) {
      const [, id, data] = /^id: (.*)\nevent: snapshot\ndata: (.*)$/.exec(piece) ?? [];
      if (id !== undefined) yield { id, snapshot: JSON.parse(data!) };
    }
  }
}

/** Opens a page's events. */
async function view(server: WatchServer, known?: string): Promise<AsyncGenerator<Event>> {
  const headers: HeadersInit = known === undefined ? {} : { "last-event-id": known };
  const response = await fetch(`${server.url}events`, { headers });
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  return eventsOf(response.body!);
}

/** Asks by hand, as no browser would. */
async function ask(port: number, head: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(`${head}\r\nConnection: close\r\n\r\n`));
  return await new Response(connection.readable).text();
}

const numberOf = ({ snapshot }: Event) => Number(/number (\d+)/.exec(snapshot.regions.log)![1]);

test("the page, what it loads, and what is refused", async () => {
  const { feed } = counting();
  await serving(feed, async (server, port) => {
    assertEquals(server.url, `http://127.0.0.1:${port}/`);
    const page = await fetch(server.url);
    const text = await page.text();
    assert(text.includes("<title>running · runs/&lt;b&gt;</title>") && text.includes("&lt;i&gt;"));
    assert(!/<script(?! src="client\.js")|\son\w+=|style="/.test(text), text);
    const policy = page.headers.get("content-security-policy")!;
    assert(policy.startsWith("default-src 'none'") && !policy.includes("unsafe"), policy);
    for (const [, path] of text.matchAll(/(?:src|href)="([^"#]+\.\w+)"/g)) {
      const asset = await fetch(server.url + path);
      assertEquals(asset.status, 200, path);
      assert((await asset.text()).length > 500);
    }

    const status = async (head: string) => (await ask(port, head)).split(" ")[1];
    assertEquals(await status(`GET / HTTP/1.1\r\nHost: localhost:${port}`), "200");
    assertEquals(await status(`HEAD / HTTP/1.1\r\nHost: 127.0.0.1`), "200");
    assertEquals(await status(`GET / HTTP/1.1\r\nHost: rebound.example:${port}`), "403");
    assertEquals(await status("GET /events HTTP/1.1\r\nHost: localhost.example"), "403");
    assertEquals(await status("GET / HTTP/1.0"), "403");
    assertEquals(await status("GET /run.json HTTP/1.1\r\nHost: localhost"), "404");
    assertEquals(await status("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0"), "405");
  });
});

test("two viewers see the same, of the same looks; one that comes back is sent what it does not know", async () => {
  const { feed, looks } = counting();
  await serving(feed, async (server) => {
    const viewers = [await view(server), await view(server)];
    const seen: number[][] = [[], []];
    await Promise.all(viewers.map(async (events, i) => {
      for await (const event of events) {
        seen[i]!.push(numberOf(event));
        if (seen[i]!.length === 30) break;
      }
    }));
    for (const numbers of seen) assert(numbers.every((n, i) => i === 0 || n > numbers[i - 1]!), `${numbers}`);
    assert(looks() < 60, `${looks()} looks`);
  });

  const still = new Feed(() => Promise.resolve(viewOf(1)), 1);
  await serving(still, async (server) => {
    const { id } = (await (await view(server)).next()).value as Event;
    const known = (await view(server, id)).next();
    const unknown = (await view(server, "of another watcher")).next();
    assertEquals((await unknown).value.id, id);
    await server.close();
    assertEquals((await known).done, true);
  });
});

test("nothing is made for a viewer that does not read, and then the newest alone", async () => {
  const { feed, looks } = counting();
  const controller = new AbortController();
  const reader = eventStream(feed, undefined, controller.signal).getReader();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(looks(), 0);
  const text = async () => new TextDecoder().decode((await reader.read()).value);
  assert((await text()).includes("number 1<"));
  for (let i = 0; i < 50; i++) await feed.now();
  assert((await text()).includes("number 51<"));
  controller.abort();
  assertEquals((await reader.read()).done, true);
});

test("where there is nothing new a comment is sent", async () => {
  const feed = new Feed(() => Promise.resolve(viewOf(1)), 1);
  const controller = new AbortController();
  const reader = eventStream(feed, undefined, controller.signal, { keepAlive: 5 }).getReader();
  await reader.read();
  const { value } = await reader.read();
  assertEquals(new TextDecoder().decode(value), ": nothing new\n\n");
  await reader.cancel();
});

test("a viewer that never reads holds up nobody, and takes no more than its connection holds", async () => {
  const { feed } = counting("x".repeat(1_000_000));
  await serving(feed, async (server, port) => {
    using stuck = await Deno.connect({ hostname: "127.0.0.1", port });
    await stuck.write(new TextEncoder().encode("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    let seen = 0;
    for await (const _ of await view(server)) if (++seen === 60) break;
    // All that was made for it, up to the end of the last snapshot that it was sent.
    await server.close();
    let bytes = 0;
    const buffer = new Uint8Array(1 << 16);
    for (let read; (read = await stuck.read(buffer).catch(() => null)) !== null;) bytes += read;
    assert(bytes > 0 && bytes < 20e6, `${bytes} bytes`);
  });
});

test("a folder that cannot be looked at: said, tried again, and no viewer's place is lost by it", async () => {
  let looks = 0;
  const feed = new Feed(
    () => ++looks <= 80 ? Promise.reject(new Error("not allowed")) : Promise.resolve(viewOf(looks)),
    1,
  );
  await serving(feed, async (server) => {
    const page = await fetch(server.url);
    assertEquals([page.status, await page.text()], [500, "not allowed\n"]);
    while (looks < 80) await (await fetch(`${server.url}events`)).text().catch(() => {});
    assertEquals(numberOf((await (await view(server)).next()).value), 81);
  });
});

test("a port that is in use is named", async () => {
  await serving(counting().feed, (_, port) => {
    assertThrows(() => serveWatch(counting().feed, port), InputError, `--port ${port}: expected a free port`);
    return Promise.resolve();
  });
});

needs("net", "read", "write")(
  "a run that is watched, killed, gone on with: viewers see it end, and its bits are as if nobody watched",
  () =>
    withRuns(async ({ folder, run }) => {
      await run("alone");
      const out = join(folder, "watched");
      const reader = new RunReader(out);
      await serving(new Feed(() => reader.look(), 5), async (server) => {
        const first = await view(server), second = await view(server);
        assert(((await first.next()).value as Event).snapshot.regions.state.includes("No run has begun"));
        // What a kill leaves comes to be the run.
        await run("other", {}, {}, engineAt(40, () => copyNow(join(folder, "other"), out)));
        for await (const { snapshot } of first) if (snapshot.regions.state.includes("is going on")) break;
        killCopied(out);
        const [, titles] = await Promise.all([
          run("watched"),
          (async () => {
            const titles: string[] = [];
            for await (const { snapshot } of second) {
              titles.push(snapshot.title);
              if (snapshot.finished) break;
            }
            return titles;
          })(),
        ]);
        assert(titles.at(-1)!.startsWith("9/9 finished"), `${titles}`);
      });
      assertEquals(await timelessFiles(out), await timelessFiles(join(folder, "alone")));
    }),
);

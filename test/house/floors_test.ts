// The house stands: imports point down along the list of floors, in no circle; only the top speaks to the world.

import { assertEquals } from "@std/assert";
import { filesBelow, importsOf, read, ROOT, withoutComments } from "./_sources.ts";
import { BROWSER, FLOORS, floorsTable } from "./floors.ts";
import { BUNDLES } from "./page_bundle.ts";
import { needs } from "./permissions.ts";

const test = needs("read");

const sources = () => [...filesBelow("src", "tasks").filter((path) => path.endsWith(".ts")), "mod.ts"];
/** Scripts of pages, which import sources too; their bundles import nothing. */
const scripts = () =>
  filesBelow("src").filter((path) => path.endsWith(".js") && !BUNDLES.some(({ kept }) => kept === path));
const roomOf = (path: string) => FLOORS.find(({ room }) => path === room || path.startsWith(`${room}/`));
const named = (name: string) => FLOORS.find(({ room }) => room === name);

/** The rooms that one stands on, and those that these stand on. */
function below(rooms: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (room: string) => {
    if (found.has(room)) return;
    found.add(room);
    named(room)!.on.forEach(visit);
  };
  rooms.forEach(visit);
  return found;
}

Deno.test("the floors stand on floors further down", () => {
  const order = FLOORS.map(({ room }) => room);
  for (const { room, on, types = [] } of FLOORS) {
    const wrong = [...on, ...types].filter((other) => order.indexOf(other) <= order.indexOf(room));
    assertEquals(wrong, [], `${room} can stand only on rooms that come after it in test/house/floors.ts`);
  }
});

test("every source has its room", () => {
  assertEquals(
    sources().filter((path) => !roomOf(path)),
    [],
    "these files belong to no room: move them into one, or add a room to test/house/floors.ts",
  );
});

test("imports point down", () => {
  const wrong: string[] = [];
  for (const path of [...sources(), ...scripts()]) {
    const { room, on, types = [] } = roomOf(path)!;
    const code = below(on), typed = below([...on, ...types]);
    for (const { path: target, typeOnly, line } of importsOf(path)) {
      const other = roomOf(target)?.room;
      if (other === undefined) { // data/*.json and the like
        if (target.endsWith(".ts")) wrong.push(`${path}:${line} imports ${target}, which belongs to no room`);
      } else if (other !== room && !(typeOnly ? typed : code).has(other)) {
        const only = typed.has(other) ? "; types alone may come from there: import type" : "";
        wrong.push(`${path}:${line} imports ${target}: ${room} does not stand on ${other}${only}`);
      }
    }
  }
  assertEquals(
    wrong,
    [],
    "move what is imported down, or the importer up (test/house/floors.ts, CONTRIBUTING.md)",
  );
});

test("no circles between files", () => {
  const edges = new Map(sources().map((path) => [path, importsOf(path).map(({ path }) => path)]));
  const circles: string[] = [];
  const done = new Set<string>(), open: string[] = [];
  const visit = (path: string) => {
    if (open.includes(path)) circles.push([...open.slice(open.indexOf(path)), path].join(" → "));
    if (open.includes(path) || done.has(path)) return;
    open.push(path);
    edges.get(path)?.forEach(visit);
    open.pop();
    done.add(path);
  };
  [...edges.keys()].forEach(visit);
  assertEquals(circles, [], "give what both need a file of its own, below both; types count too");
});

/** Where code, comments left out, matches. */
function places(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    withoutComments(read(path)).split("\n").flatMap((text, i) =>
      pattern.test(text) ? [`${path}:${i + 1} ${text.trim()}`] : []
    )
  );
}

test("nothing below tasks prints, reads flags or the environment, or exits", () => {
  const world =
    /\bconsole\.|\bDeno\.(args|env|exit|exitCode|stdin|stdout|stderr|addSignalListener)\b|\balert\(|\bprompt\(/;
  assertEquals(
    places(sources().filter((path) => path.startsWith("src/")), world),
    [],
    "hand it in from tasks/: a callback, an option, an error",
  );
});

test("what runs in browsers leaves Deno alone", () => {
  const rooms = sources().filter((path) => BROWSER.includes(roomOf(path)!.room));
  assertEquals(
    places(rooms, /\bDeno\./),
    [],
    `${BROWSER.join(", ")} run in browsers: hand in what they need`,
  );
});

test("every file is imported by another, or is an entry", () => {
  const entries = new Set(Object.values(JSON.parse(read("deno.json")).exports as Record<string, string>));
  for (const { entry } of BUNDLES) entries.add(`./${entry}`);
  const all = [...sources(), ...scripts()];
  const imported = new Set(all.flatMap((path) => importsOf(path).map(({ path }) => path)));
  assertEquals(
    all.filter((path) => path.startsWith("src/") && !imported.has(path) && !entries.has(`./${path}`)),
    [],
    "nothing uses these files: remove them",
  );
});

test("CONTRIBUTING shows the floors", () => {
  const shown = read("CONTRIBUTING.md").split("\n").filter((line) => line.startsWith("|")).join("\n");
  assertEquals(
    shown,
    floorsTable(),
    `run "deno task update" in ${ROOT}: it writes CONTRIBUTING's table anew`,
  );
});

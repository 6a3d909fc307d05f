import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { buildSite } from "../../src/site/build_site.ts";
import { brokenLinks } from "../../src/site/links.ts";
import { PAGES, sitePath } from "../../src/site/pages.ts";
import { filesBelow, ROOT } from "../house/_sources.ts";
import { needs } from "../house/permissions.ts";

const PLAYGROUND = { name: "Playground", path: "play/index.html" };

/** A repository whose pages hold a line each, but for those given. */
async function withRepository(
  files: Record<string, string>,
  work: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "cotbal-site-" });
  try {
    const all = { ...Object.fromEntries(PAGES.map(({ name, source }) => [source, `# ${name}`])), ...files };
    for (const [path, text] of Object.entries(all)) {
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    await work(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

needs("read")("every page of docs/ is in the navigation", () => {
  const listed = PAGES.map(({ source }) => source);
  assertEquals(
    filesBelow("docs").filter((path) => path.endsWith(".md") && !listed.includes(path)),
    [],
    "add them to PAGES in src/site/pages.ts",
  );
});

needs("read")(
  "the site of this repository has no broken link and asks no other host for anything",
  async () => {
    const { texts, pictures } = await buildSite(ROOT, [PLAYGROUND]);
    const pages = new Map([...texts].filter(([path]) => path.endsWith(".html")));
    const there = (path: string) => texts.has(path) || pictures.has(path) || path === PLAYGROUND.path;
    assertEquals(brokenLinks(pages, there), []);
    for (const [path, page] of pages) {
      assertEquals(
        page.match(/<script|<iframe|\bsrc="(https?:)?\/\/|<link[^>]*href="(https?:)?\/\//),
        null,
        path,
      );
      assertStringIncludes(page, ">Playground</a>");
    }
    for (const { name, source } of PAGES) {
      const here = texts.get(sitePath(source))!.match(/aria-current="page">[^<]*/g);
      assertEquals(Array.from(here ?? []), [`aria-current="page">${name}`]);
    }
    assertMatch(texts.get("docs/study.html")!, /<a href="\.\.\/data\/results\/study\/protocol\.html">/);
    assertMatch(texts.get("index.html")!, /<img src="docs\/report\.png" alt="[^"]+"/);
    assert(pictures.has("docs/report.png"));
  },
);

needs("read", "write")("a page says where it is, what it holds, and the way to the others", async () => {
  const files = {
    "docs/data.md":
      "# Data & more\n\n## Any `size`\n\nSee [the words](glossary.md#a-word), [code](../mod.ts).\n\n| a |\n|-|\n| 1 |\n",
    "docs/glossary.md": "# Glossary\n\n## A word\n",
    "mod.ts": "export const a = 1 < 2;\n",
  };
  await withRepository(files, async (root) => {
    const { texts } = await buildSite(root, [PLAYGROUND]);
    const page = texts.get("docs/data.html")!;
    assertStringIncludes(page, "<title>Data &amp; more · cotbal</title>");
    assertStringIncludes(
      page,
      '<a href="data.html" aria-current="page">Your own data</a><ol><li><a href="#any-size">Any size</a>',
    );
    assertStringIncludes(page, '<a href="../index.html">Overview</a>');
    assertStringIncludes(page, '<a href="../play/index.html">Playground</a>');
    assertStringIncludes(
      page,
      '<a href="glossary.html#a-word">the words</a>, <a href="../mod.ts.html">code</a>',
    );
    assertStringIncludes(page, '<link rel="stylesheet" href="../style.css">');
    assertMatch(page, /<div class="scroll" tabindex="0"[^>]*><table>/);
    assertMatch(texts.get("mod.ts.html")!, /<pre tabindex="0"[^>]*><code>export const a = 1 &lt; 2;/);
  });
});

needs("read", "write")("a link to no file of the repository is refused", async () => {
  for (const href of ["nothing.md", "../../elsewhere.md", "scenes"]) {
    await withRepository({ "docs/data.md": `# Data\n\n[here](${href})` }, async (root) => {
      const error = await assertRejects(() => buildSite(root, []), InputError);
      assertStringIncludes(error.message, `docs/data.md: expected the link ${href} `);
    });
  }
});

needs("read", "write")("files that other parts link to become pages", async () => {
  await withRepository({ "src/a.ts": "a", "src/b.ts": "b" }, async (root) => {
    const { texts } = await buildSite(root, [], ["src/a.ts"]);
    assertEquals([texts.has("src/a.ts.html"), texts.has("src/b.ts.html")], [true, false]);
  });
});

Deno.test("what a script holds is no link", () => {
  const page = '<script>show(`<img src="${url}"><a href="no.html">`)</script><a href="none.html">x</a>';
  assertEquals(brokenLinks(new Map([["a.html", page]]), () => false), ["a.html: none.html: no such file"]);
});

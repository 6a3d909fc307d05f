import { assertEquals, assertStringIncludes } from "@std/assert";
import { mendApiPage } from "../../src/site/api.ts";

const place = { root: "file:///r/", name: "@a/b", entries: ["gpu"] };
const PAGE = '<ul class="breadcrumbs"></ul><main><section>text';

Deno.test("every page of the API leads back, the first lists the entries", () => {
  const first = mendApiPage("api/index.html", PAGE, place).page;
  const other = mendApiPage("api/gpu/~/Gpu.html", PAGE, place).page;
  assertStringIncludes(first, 'href="../index.html">documentation</a>');
  assertStringIncludes(other, 'href="../../../index.html">documentation</a>');
  assertStringIncludes(first, 'href="gpu/index.html"><code>@a/b/gpu</code>');
  assertEquals(other.includes("Entries"), false);
});

Deno.test("imports name the package, those of other packages stay", () => {
  const page = ["gpu", ".", "./gpu.ts", "@std/assert", "data"].map((from) => `from &quot;${from}&quot;`).join(
    " ",
  );
  assertEquals(
    mendApiPage("api/a.html", page, place).page,
    ["@a/b/gpu", "@a/b", "./gpu.ts", "@std/assert", "data"].map((from) => `from &quot;${from}&quot;`).join(
      " ",
    ),
  );
});

Deno.test("links to sources lead to their pages, others stay as they are", () => {
  const links = (href: string) => mendApiPage("api/gpu/index.html", `<a href="${href}">`, place);
  assertEquals(links("file:///r/src/a%20b.ts"), {
    page: '<a href="../../src/a%20b.ts.html">',
    sources: ["src/a b.ts"],
  });
  for (const href of ["https://example.org/", "../~/Gpu.html#method_0", ""]) {
    assertEquals(links(href), { page: `<a href="${href}">`, sources: [] });
  }
  assertEquals(links("..&#x2F;..&#x2F;").page, '<a href="../../index.html">');
});

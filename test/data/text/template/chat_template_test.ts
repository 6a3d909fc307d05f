import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../../src/errors.ts";
import { MAX_STEPS, TemplateError } from "../../../../src/data/text/template/bounds.ts";
import { readTemplate } from "../../../../src/data/text/template/chat_template.ts";

const MARKS = { begin: "«", end: "»" };
const render = (template: string, values: Record<string, unknown> = {}) =>
  readTemplate(template, "chat_template.jinja").render(values, MARKS);

Deno.test("blocks are trimmed as transformers trims them", () => {
  assertEquals(render("a\n  {% if true %}\n  b\n  {% endif %}\nc\n"), "a\n  b\nc");
  assertEquals(render("a {%- if true %} b {% endif -%} \n c"), "a b c");
  assertEquals(render("{# a note #}\nx {{ 'y' }}\nz"), "x y\nz");
});

Deno.test("generation blocks are marked and otherwise not there", () => {
  const template =
    "{% for m in ms %}\n{{ m }}:\n  {% generation %}\n{{ m }}!\n  {% endgeneration %}\n;{% endfor %}";
  assertEquals(render(template, { ms: ["a", "b"] }), "a:\n«a!\n»;b:\n«b!\n»;");
  assertEquals(render("x {%- generation -%} y {%- endgeneration -%} z"), "x«y»z");
  assertEquals(
    render("{% macro f(t) %}{% generation %}{{ t }}{% endgeneration %}{% endmacro %}({{ f('a') }})"),
    "(«a»)",
  );
  assert(readTemplate("{%- generation -%}x{%- endgeneration -%}", "f").marksAnswers);
  assert(!readTemplate("{{ 'generation' }}", "f").marksAnswers);
});

Deno.test("what templates name beside Jinja's own", () => {
  assertEquals(render("{{ x | tojson }}", { x: { a: ["<ü>", 1, null] } }), '{"a": ["<ü>", 1, null]}');
  assert(/^\d\d \w{3} \d{4}$/.test(render("{{ strftime_now('%d %b %Y') }}")));
  assertEquals(
    render("{% for i in range(1, 7, 2) %}{{ i }}{% if loop.last %}{% break %}{% endif %},{% endfor %}"),
    "1,3,5",
  );
  assertEquals(render("{{ tools is none }} {{ nothing is defined }}"), "true false");
  const error = assertThrows(() => render("{{ raise_exception('no system here') }}"), TemplateError);
  assertEquals(error.message, "no system here");
});

Deno.test("loops go through lists, letters, keys and what is not there, and keep what was written before they are left", () => {
  assertEquals(render("{% for a, b in [[1, 2], [3, 4]] %}{{ a + b }},{% else %}none{% endfor %}"), "3,7,");
  assertEquals(
    render("{% for c in 'a🙂' %}{{ c }}.{% endfor %}{% for k in {'x': 1} %}{{ k }}{% endfor %}"),
    "a.🙂.x",
  );
  assertEquals(render("{% for x in nothing %}x{% else %}none{% endfor %}"), "none");
  assertEquals(
    render("{% for i in range(5) if i != 1 %}{{ loop.index }}{{ loop.previtem }}{{ i }};{% endfor %}"),
    "10;202;323;434;",
  );
  const skip =
    "{% for i in range(4) %}{{ i }}{% if i == 1 %}-{% continue %}{% elif i == 2 %}!{% break %}{% endif %},{% endfor %}";
  assertEquals(render(skip), "0,1-2!");
  assertThrows(() => render("{% for a, b in [[1]] %}{% endfor %}"), TemplateError, "takes apart");
  assertThrows(() => render("{% for a in 5 %}{% endfor %}"), TemplateError, "goes through 5");
});

Deno.test("strip with an argument takes off those characters alone, as Python's does", () => {
  const x = "\n  a.\n";
  assertEquals(render("{{ x.strip('\\n') }}", { x }), "  a.");
  assertEquals(render("{{ x.lstrip('\\n') }}|{{ x.rstrip('\\n') }}", { x }), "  a.\n|\n  a.");
  assertEquals(render("{{ x['strip']('\\n .') }}", { x }), "a");
  assertEquals(render("{{ x.strip() }}|{{ x | trim }}|{{ x.replace('a', 'b') | trim }}", { x }), "a.|a.|b.");
});

Deno.test("a text or list by a whole number is written that often, as in Python", () => {
  assertEquals(render("{{ 'ab' * 3 }}{{ 2 * '-' }}|{{ 'x' * 0 }}{{ 'x' * -1 }}|"), "ababab--||");
  assertEquals(render("{{ ([1, 'a'] * 2) | join(',') }} {{ ([0] * -2) | length }}"), "1,a,1,a 0");
  assertEquals(render("{{ 2 * 3 }} {{ 1.5 * 2 }} {{ '=' * (2 + 1) ~ n }}", { n: 1 }), "6 3.0 ===1");
  for (const wrong of ["'a' * 1.5", "'a' * 'b'", "2 * nothing", "none * 2"]) {
    assertThrows(() => render(`{{ ${wrong} }}`), TemplateError);
  }
});

Deno.test("errors in a template are told with the file", () => {
  const wrong: [string, string][] = [
    ["{% if x %}", "it ends inside a block"],
    ["{{ x", "Unexpected end of input"],
    ["{% frobnicate %}", "frobnicate"],
    ["{{ " + "(".repeat(100_000), "it nests too deeply"],
    ["x".repeat(300_000), "at most 262144 characters, found 300000"],
    [`a${" ".repeat(200_000)}{% generation %}`, "a run of over 512"],
  ];
  for (const [template, message] of wrong) {
    const error = assertThrows(() => readTemplate(template, "chat_template.jinja"), InputError, message);
    assert(error.message.startsWith("chat_template.jinja: expected"), error.message);
  }
});

const LONG = (exponent: number) =>
  `{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(${exponent}) %}{% set ns.s = ns.s + ns.s %}{% endfor %}`;
const TWICE = (body: string) =>
  `{% for i in range(100000) %}{% for j in range(100000) %}${body}{% endfor %}{% endfor %}`;
const OFTEN = (body: string) => `{% for i in range(100000) %}${body}{% endfor %}`;

// Each would take hours or all memory. What ends it is counted, so that none depends on the time.
const ENDLESS: Record<string, [template: string, message: string]> = {
  "a long range": [OFTEN("").replace("100000", "10**9"), "a range of 1000000000 numbers"],
  "nested loops": [TWICE(""), "steps"],
  "nested loops that write": [TWICE("x"), ""],
  "loops that skip all": [OFTEN("{% for j in range(100000) if false %}{% endfor %}"), "steps"],
  "loops that go on": [TWICE("{% continue %}"), "steps"],
  "names that are not there": [TWICE("{{ nope }}"), "steps"],
  "dates": [TWICE("{{ strftime_now('%Y') }}"), ""],
  "a macro that calls itself": ["{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "levels deep"],
  "a macro that calls itself twice": [
    "{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "steps",
  ],
  "macros made anew": [OFTEN(`{% macro f() %}${"{{ x }}".repeat(20_000)}{% endmacro %}`), "steps"],
  "a text that doubles": [LONG(100) + "{{ ns.s }}", "a text or list of more than"],
  "a list that doubles": [
    "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}",
    "",
  ],
  "a text by a large number": ["{{ 'x' * 10**10 }}", "a text or list of more than"],
  "a list by a large number": ["{{ [[]] * 10**9 }}", "a text or list of more than"],
  "products, often": [LONG(16) + OFTEN("{% set x = ns.s * 2 %}"), "steps"],
  "products of lists, often": [OFTEN("{% set x = [1] * 500000 %}"), "steps"],
  "a namespace in itself": ["{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}", "a namespace into"],
  "namespaces in each other": [
    "{% set a = namespace() %}{% set b = namespace(s=[a, a]) %}{% set a.s = [b, b] %}{{ a }}",
    "a namespace into",
  ],
  "replace between all letters": [LONG(16) + "{{ ns.s | replace('', ns.s) }}", "a text or list of more than"],
  "the same by another way": [
    LONG(16) + "{% set f = ns.s['replace'] %}{{ f('', ns.s) }}",
    "a text or list of more than",
  ],
  "the same as a block": [
    `{% filter replace('', '${"b".repeat(99)}') %}${"a".repeat(2e5)}{% endfilter %}`,
    "more than",
  ],
  "replace, often": [LONG(16) + OFTEN("{% set x = ns.s.replace('a', 'b') %}"), "steps"],
  "split, often": [LONG(16) + OFTEN("{% set x = ns.s.split('a') %}"), "steps"],
  "slices, often": [LONG(16) + OFTEN("{% set x = ns.s[::2] %}"), "steps"],
  "sort, often": ["{% set l = range(100000) %}" + OFTEN("{% set x = l | sort %}"), "steps"],
  "a look through a list, often": ["{% set l = range(100000) %}" + OFTEN("{% set x = 'q' in l %}"), "steps"],
  "a list written, often": ["{% set l = range(100000) %}" + OFTEN("{{ l }}"), "steps"],
  "join with a long text": [LONG(16) + "{{ range(100000) | join(ns.s) }}", "a text or list of more than"],
  "a wide indent": ["{{ 'a\nb' | indent(10**9) }}", "a text or list of more than"],
  "wide JSON": ["{{ [1] | tojson(indent=10**9) }}", "a text or list of more than"],
  "many long lists": [
    LONG(16) + Array.from({ length: 99 }, (_, i) => `{% set x${i} = ns.s.split('a') %}`).join(""),
    "steps",
  ],
};

for (const [name, [template, message]] of Object.entries(ENDLESS)) {
  Deno.test(`bounded: ${name}`, () => {
    const error = assertThrows(() => render(template), TemplateError, message);
    assert(error.message.startsWith("it "), error.message);
  });
}

Deno.test("a long conversation stays well within the bounds", () => {
  const template =
    "{% for m in messages %}<|{{ m['role'] }}|>{% for part in m.content if part.type == 'text' %}{{ part.text | trim }}" +
    "{% endfor %}{% if not loop.last %},{% endif %}{% endfor %}";
  const messages = Array.from({ length: 1000 }, (_, i) => ({
    role: i % 2 === 0 ? "user" : "assistant",
    content: [{ type: "image" }, { type: "text", text: "a word ".repeat(50) }],
  }));
  assert(MAX_STEPS >= 2_000_000);
  assertEquals(render(template, { messages }).split(",").length, 1000);
});

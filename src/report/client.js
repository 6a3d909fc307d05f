// What runs in the reader's browser: it draws the charts that the page describes, in the reader's colours.
// Descriptions are plain Plotly, but for colours: "@blue" under a key that ends in "color" is the style sheet's --blue.
(() => {
  "use strict";
  const { Plotly } = globalThis;
  const root = document.documentElement;
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const shown = new Map(); // name of a select element -> index of the view

  const config = {
    responsive: true,
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    modeBarButtons: [["toImage"]],
    toImageButtonOptions: { format: "svg" },
    doubleClick: false,
    scrollZoom: false,
  };

  function coloured(value, style, isColour) {
    if (Array.isArray(value)) return value.map((item) => coloured(item, style, isColour));
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, coloured(item, style, key.endsWith("color"))]),
      );
    }
    if (isColour && typeof value === "string" && value.startsWith("@")) {
      return style.getPropertyValue("--" + value.slice(1)).trim();
    }
    return value;
  }

  function draw(chart, width) {
    const style = getComputedStyle(root);
    const view = chart.views[shown.get(chart.chooser) ?? 0];
    const layout = coloured(view.layout, style, false);
    layout.font = { ...layout.font, family: style.getPropertyValue("--sans").trim() };
    if (width) layout.width = Math.min(width, document.getElementById(chart.id).clientWidth);
    return Plotly.react(chart.id, coloured(view.data, style, false), layout, config);
  }

  async function drawAll(width) {
    for (const chart of charts) {
      await draw(chart, width);
      // For whoever measures the page: when the first chart is on the screen.
      if (chart === charts[0]) {
        requestAnimationFrame(() => setTimeout(() => performance.mark("cotbal: first chart")));
      }
      // Lets the page answer between two charts.
      if (!width) await new Promise((resolve) => setTimeout(resolve));
    }
    root.dataset.charts = "drawn";
    performance.mark("cotbal: all charts");
    document.dispatchEvent(new Event("chartsdrawn"));
  }

  for (const select of document.querySelectorAll("select[data-chooser]")) {
    const { chooser } = select.dataset;
    const update = () => {
      shown.set(chooser, Number(select.value));
      for (const chart of charts) if (chart.chooser === chooser) draw(chart);
      for (const legend of document.querySelectorAll("[data-legend]")) {
        if (legend.dataset.legend === chooser) legend.hidden = legend.dataset.view !== select.value;
      }
    };
    select.addEventListener("change", update);
    // Some browsers keep a choice over a reload.
    if (select.value !== "0") update();
  }

  for (const filter of document.querySelectorAll("[data-filter]")) {
    const cards = [...document.querySelectorAll("[data-samples]")]
      .find((list) => list.dataset.samples === filter.dataset.filter).children;
    const selects = [...filter.querySelectorAll("select")];
    const update = () => {
      let visible = 0;
      for (const card of cards) {
        card.hidden = !selects.every((s) =>
          s.value === "" || card.dataset[s.dataset.by].split(" ").includes(s.value)
        );
        if (!card.hidden) visible++;
      }
      filter.querySelector("output").textContent = `${visible} of ${cards.length} shown`;
    };
    for (const select of selects) select.addEventListener("change", update);
    filter.hidden = false;
    update();
  }

  // On paper: light colours, everything unfolded, charts no wider than a page.
  let folded = [];
  addEventListener("beforeprint", () => {
    root.dataset.print = "";
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
    for (const chart of charts) draw(chart, 640);
  });
  addEventListener("afterprint", () => {
    delete root.dataset.print;
    for (const details of folded) details.open = false;
    drawAll();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());

  drawAll();
})();

/**
 * From the results of runs to one self-contained HTML file.
 *
 * @module
 */

export { type Headline, headline } from "./sections/headline.ts";
export { renderReport } from "./render_report.ts";

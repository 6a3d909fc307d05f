// What a page needs of a browser to compute, and what it says where that is missing.

/** Said where there is no WebGPU, or no adapter. */
export const NO_WEBGPU =
  "WebGPU, by which models run, is not available in this browser. Open the page in a current Chrome, Edge, Safari or " +
  "Firefox; on Linux, Chrome may want chrome://flags/#enable-unsafe-webgpu. All else on this page works without.";

/**
 * What is wrong with this browser.
 *
 * @returns {string | undefined} A sentence; undefined where it may run models.
 */
export function missing() {
  if (!("gpu" in navigator)) return NO_WEBGPU;
  if (!("Float16Array" in globalThis) || !("fromBase64" in Uint8Array)) {
    return "This browser is too old to unpack the models; one of 2026 can. All else on this page works without.";
  }
}

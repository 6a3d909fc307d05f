/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

// Posts what the adapter says of itself, or null. See probeAdapter in adapter.ts.

const powerPreference = new URL(import.meta.url).hash === "#low-power" ? "low-power" : "high-performance";
const adapter = await navigator.gpu?.requestAdapter({ powerPreference });
if (adapter) {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  self.postMessage({ vendor, architecture, device, description, isFallbackAdapter });
} else {
  self.postMessage(null);
}

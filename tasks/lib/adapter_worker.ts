/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

// Posts what the adapter says of itself, or null. See probeAdapter in adapter.ts.

const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
if (adapter) {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  self.postMessage({ vendor, architecture, device, description, isFallbackAdapter });
} else {
  self.postMessage(null);
}

/**
 * Looking for a WebGPU adapter, and what to tell a user who has none.
 *
 * @module
 */

/** What an adapter says of itself; `null` where there is none. */
export interface AdapterSummary {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter: boolean;
}

/**
 * Prepares this process for WebGPU; call it before anything touches `navigator.gpu`.
 *
 * Only native backends are looked at: an OpenGL driver would otherwise be taken for an adapter on a machine
 * without a Vulkan driver. And the Vulkan loader prints two lines of noise where XDG_RUNTIME_DIR is not set.
 * Variables that the user has set are left alone, and so is everything where the permission is missing.
 */
export function prepareEnvironment(): void {
  setIfUnset("DENO_WEBGPU_BACKEND", "vulkan,metal,dx12");
  if (Deno.build.os === "linux") setIfUnset("XDG_RUNTIME_DIR", "/tmp");
}

function setIfUnset(name: string, value: string): void {
  if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return;
  if (Deno.env.get(name) === undefined) Deno.env.set(name, value);
}

/**
 * Looks for an adapter in a worker. A worker asks the drivers anew, while a process that once found no driver
 * does not see one that was installed since.
 *
 * @param preference Which one is asked for, where a driver has several.
 * @returns What the adapter says of itself, or `null` where there is none.
 */
export function probeAdapter(
  preference: GPUPowerPreference = "high-performance",
): Promise<AdapterSummary | null> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`./adapter_worker.ts#${preference}`, import.meta.url), {
      type: "module",
    });
    worker.onmessage = (event: MessageEvent<AdapterSummary | null>) => {
      worker.terminate();
      resolve(event.data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      reject(new Error(`the search for a WebGPU adapter failed: ${event.message}`));
    };
  });
}

/**
 * What to install where there is no adapter.
 *
 * @param os The operating system, as `Deno.build.os` names it.
 * @returns Lines of text.
 */
export function installAdvice(os: string): string[] {
  switch (os) {
    case "darwin":
      return [
        "macOS: WebGPU runs on Metal, which is part of the system: nothing is to be installed.",
        "  A virtual machine or a remote session may have no GPU at all: use the Mac itself.",
      ];
    case "windows":
      return [
        "Windows: WebGPU runs on Direct3D 12, which has a software adapter too: run Windows Update, and install",
        "  the current driver of the graphics card (NVIDIA, AMD, Intel).",
      ];
    default:
      return [
        "Linux: WebGPU runs on Vulkan. Install the driver of the graphics card, or Mesa, which has a software driver too:",
        "  Debian, Ubuntu:  sudo apt-get install mesa-vulkan-drivers",
        "  Fedora, RHEL:    sudo dnf install mesa-vulkan-drivers vulkan-loader",
        "  Arch:            sudo pacman -S vulkan-icd-loader vulkan-swrast   (or vulkan-radeon, vulkan-intel, nvidia-utils)",
        "  NVIDIA cards:    NVIDIA's own driver with its Vulkan part; in a container NVIDIA_DRIVER_CAPABILITIES=all",
        "  With OpenGL only, DENO_WEBGPU_BACKEND=gl may do; the tests do not cover it.",
      ];
  }
}

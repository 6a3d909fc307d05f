/**
 * One device for all tests of a page, with what it has compiled. SwiftShader takes up to seconds to compile a kernel, and
 * has each device compile it anew; most tests open a device of their own and run kernels that others have run before.
 *
 * @module
 */

/** What stays for the next test: same descriptor, same object. */
const COMPILED: ReadonlySet<string> = new Set([
  "createShaderModule",
  "createBindGroupLayout",
  "createPipelineLayout",
  "createComputePipeline",
]);

/** What is a test's own, and gone when it destroys its device. */
const OWNED: ReadonlySet<string> = new Set(["createBuffer", "createTexture", "createQuerySet"]);

type Method = (...given: unknown[]) => unknown;

/** Has every request for a device answered with a view of the first one that was opened with that descriptor. */
export function shareDevice(onLost: (lost: GPUDeviceLostInfo) => void): void {
  const opened = new Map<string, Promise<() => GPUDevice>>();
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const key = JSON.stringify(descriptor);
    const open = async () => {
      const device = await requestDevice.call(this, descriptor);
      device.lost.then(onLost);
      return views(device);
    };
    const view = opened.get(key) ?? open();
    opened.set(key, view);
    return (await view)();
  };
}

/** Views of a device: each has its own buffers and listeners, and all share what is compiled. */
function views(device: GPUDevice): () => GPUDevice {
  const compiled = new Map<string, object>(), ids = new WeakMap<object, string>();

  function once(name: string, method: Method): Method {
    return (descriptor) => {
      const key = name + JSON.stringify(descriptor, (_, value) => ids.get(value) ?? value);
      let found = compiled.get(key);
      if (!found) {
        found = method(descriptor) as object;
        compiled.set(key, found);
        ids.set(found, `object ${compiled.size}`);
      }
      return found;
    };
  }

  return () => {
    const owned: { destroy(): void }[] = [], left = new AbortController();
    const own: Record<string, Method> = {
      destroy() {
        left.abort();
        for (const each of owned) each.destroy();
      },
      addEventListener(type, listener) {
        device.addEventListener(type as string, listener as EventListener, { signal: left.signal });
      },
    };
    return new Proxy(device, {
      get(_, name: string) {
        if (own[name]) return own[name];
        const found = Reflect.get(device, name, device) as unknown;
        if (typeof found !== "function") return found;
        const method = found.bind(device) as Method;
        if (COMPILED.has(name)) return own[name] = once(name, method);
        if (!OWNED.has(name)) return own[name] = method;
        return own[name] = (descriptor) => {
          const made = method(descriptor) as { destroy(): void };
          owned.push(made);
          return made;
        };
      },
    });
  };
}

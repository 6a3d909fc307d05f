/** The whole training step in jax-js, jitted. @module */
import type { Contestant } from "../../contestant.ts";
import { IMAGE_TOKENS, llavaBatch, SEQUENCE } from "../../workloads/llava_batch.ts";
import { llavaParameters, startValues } from "../../workloads/llava_parameters.ts";
import { LLAVA, OPTIMIZER, TRACE } from "../../workloads/workload.ts";
import type { JaxArray, JaxTree } from "./api.ts";
import { adamw, crossEntropy, isClass, layerNorm, rmsNorm } from "./functions.ts";
import type { OpenJax } from "./device.ts";

interface State extends Record<string, JaxTree | JaxArray> {
  p: JaxTree;
  m: JaxTree;
  v: JaxTree;
  t: JaxArray;
}

/** Prepares the step. */
export function prepareStep(open: OpenJax): Contestant {
  const { jax } = open, np = jax.numpy;
  const p: JaxTree = {}, m: JaxTree = {}, v: JaxTree = {};
  llavaParameters().forEach((parameter, index) => {
    const { name, shape } = parameter;
    p[name] = open.array(startValues(parameter, index), shape);
    m[name] = np.zeros(shape);
    v[name] = np.zeros(shape);
  });
  const { batch, text, image } = LLAVA;
  const host = llavaBatch();
  const inputs = [
    open.array(host.pixels, [batch, 3, image, image]),
    open.array(host.ids, [batch, text]),
    open.array(host.labels, [batch * SEQUENCE]),
    open.array(host.weights, [batch * SEQUENCE]),
  ];
  const step = jax.jit((state: State, ...x: JaxArray[]) => trainingStep(open, state, x));
  let state: State = { p, m, v, t: np.array(1) };
  const next = (): JaxArray[] => {
    open.use();
    const { loss, norm, ...rest } = step(state, ...inputs.map((x) => x.ref));
    state = rest;
    return [loss, norm];
  };
  return {
    name: open.name,
    mostQueued: 60,
    async results() {
      const trace: number[] = [];
      for (let i = 0; i < TRACE; i++) for (const x of next()) trace.push((await x.data())[0]!);
      const read = async (name: string) => Float32Array.from(await state.p[name]!.ref.data());
      const results = {
        trace: Float32Array.from(trace),
        embed: await read("embed"),
        cls: await read("v.cls"),
      };
      await open.wait();
      return results;
    },
    run: () => open.submit(next()),
    wait: () => open.wait(),
    destroy() {
      for (const tree of [state.p, state.m, state.v]) jax.tree.dispose(tree);
      state.t.dispose();
      inputs.forEach((x) => x.dispose());
      step.dispose();
    },
  };
}

/** Loss, gradient, clipping, AdamW. */
function trainingStep(open: OpenJax, { p, m, v, t }: State, inputs: readonly JaxArray[]) {
  const { jax } = open, np = jax.numpy;
  const differentiated = jax.valueAndGrad<[JaxTree, ...JaxArray[]], JaxTree>(
    (p, ...x) => modelLoss(open, p, x),
  );
  const [loss, gradient] = differentiated(jax.tree.ref(p), ...inputs);
  const squares = Object.values(gradient).map((g) => np.square(g.ref).sum());
  const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
  const scale = np.minimum(np.array(1), np.array(OPTIMIZER.clip).div(norm.ref.add(1e-6)));
  const next: State = { p: {}, m: {}, v: {}, t: t.ref.add(1) };
  for (const name of Object.keys(p)) {
    const g = gradient[name]!.mul(scale.ref);
    [next.p[name], next.m[name], next.v[name]] = adamw(open, p[name]!, g, m[name]!, v[name]!, t.ref);
  }
  scale.dispose();
  t.dispose();
  return { loss, norm, ...next };
}

/** The model and its loss. `inputs`: pixels, ids, labels, weights. */
function modelLoss(open: OpenJax, p: JaxTree, inputs: readonly JaxArray[]): JaxArray {
  const { jax: { nn, numpy: np, tree } } = open;
  const { batch: B, vision, language, patch, image } = LLAVA;
  const [pixels, ids, labels, weights] = inputs as [JaxArray, JaxArray, JaxArray, JaxArray];
  const get = (name: string) => p[name]!.ref;
  const linear = (x: JaxArray, name: string) => np.matmul(x, get(name)).add(get(`${name}b`));
  const norm = (x: JaxArray, name: string) => layerNorm(open, x, get(`${name}.w`), get(`${name}.b`));
  const size = language.width / language.heads;
  const heads = (x: JaxArray, count: number, width: number) => x.reshape([B, -1, count, width / count]);

  const side = image / patch;
  let x = pixels.reshape([B, 3, side, patch, side, patch]).transpose([0, 2, 4, 1, 3, 5]);
  x = np.matmul(x.reshape([B, IMAGE_TOKENS, 3 * patch * patch]), get("v.patch")); // [B, 16, 64]
  x = np.concatenate([np.broadcastTo(get("v.cls"), [B, 1, vision.width]), x], 1).add(get("v.pos"));
  x = norm(x, "v.pre");
  for (let i = 0; i < vision.layers; i++) {
    const at = `v${i}`;
    const y = norm(x.ref, `${at}.ln1`);
    const [q, k, v] = [..."qkv"].map((c) =>
      heads(linear(y.ref, `${at}.${c}`), vision.heads, vision.width)
    ) as [JaxArray, JaxArray, JaxArray];
    y.dispose();
    const mixed = nn.dotProductAttention(q, k, v).reshape([B, IMAGE_TOKENS + 1, vision.width]);
    x = x.add(linear(mixed, `${at}.o`));
    const z = linear(norm(x.ref, `${at}.ln2`), `${at}.fc1`);
    x = x.add(linear(z.ref.mul(nn.sigmoid(z.mul(1.702))), `${at}.fc2`));
  }
  x = linear(x.slice([], [1, IMAGE_TOKENS + 1]), "p.fc1");
  x = linear(nn.gelu(x, { approximate: false }), "p.fc2");
  x = np.concatenate([x, embed(open, get("embed"), ids)], 1); // [B, 40, 96]
  const { rope, dispose } = rotary(open, size);
  for (let i = 0; i < language.layers; i++) {
    const at = `d${i}`;
    const y = rmsNorm(open, x.ref, get(`${at}.n1`));
    const part = (c: string, count: number) =>
      heads(np.matmul(y.ref, get(`${at}.${c}`)), count, count * size);
    const q = part("q", language.heads), k = part("k", language.groups), v = part("v", language.groups);
    y.dispose();
    const mixed = nn.dotProductAttention(rope(q), rope(k), v, { isCausal: true });
    x = x.add(np.matmul(mixed.reshape([B, SEQUENCE, language.width]), get(`${at}.o`)));
    const z = rmsNorm(open, x.ref, get(`${at}.n2`));
    const gate = nn.silu(np.matmul(z.ref, get(`${at}.gate`)));
    x = x.add(np.matmul(gate.mul(np.matmul(z, get(`${at}.up`))), get(`${at}.down`)));
  }
  dispose();
  const logits = np.matmul(rmsNorm(open, x, get("norm")), get("head"));
  const loss = crossEntropy(open, logits.reshape([B * SEQUENCE, language.vocab]), labels, weights);
  tree.dispose(p);
  return loss;
}

/** Token embeddings. The gradient of `take` does not compile on Deno's WebGPU: there it is a product with one-hot rows. */
function embed(open: OpenJax, table: JaxArray, ids: JaxArray): JaxArray {
  const { jax: { numpy: np }, device } = open;
  if (device === "wasm") return np.take(table, ids, 0);
  return np.matmul(isClass(open, ids, LLAVA.language.vocab).astype(np.float32), table);
}

/** Rotary positions of [B, SEQUENCE, heads, size], in Llama's half-split form. */
function rotary(open: OpenJax, size: number) {
  const { jax: { numpy: np } } = open, half = size / 2;
  const angles = Float32Array.from(
    { length: SEQUENCE * size },
    (_, i) => Math.floor(i / size) * 10_000 ** (-2 * (i % half) / size),
  );
  const table = (f: (x: number) => number) => open.array(angles.map(f), [SEQUENCE, 1, size]);
  const cos = table(Math.cos), sin = table(Math.sin);
  return {
    rope(x: JaxArray): JaxArray {
      const low = x.ref.slice([], [], [], [0, half]), high = x.ref.slice([], [], [], [half, size]);
      return x.mul(cos.ref).add(np.concatenate([high.mul(-1), low], -1).mul(sin.ref));
    },
    dispose() {
      cos.dispose();
      sin.dispose();
    },
  };
}

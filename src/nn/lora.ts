/**
 * LoRA (Hu et al. 2021, arXiv 2106.09685): W + scale·B·A in the place of W, of which only A and B are trained.
 *
 * @module
 */
import { type Bundle, type ModuleSpec, type Parameters, type Spec, startingValues } from "./parameters.ts";
import type { Dropout } from "../ops/dropout.ts";
import type { LowRank } from "../ops/low_rank.ts";
import { Random } from "../random.ts";

/** The module that holds the A and B of all layers. */
export const LORA = "lora";

/** What is added to one matrix. */
export interface LoraRank {
  /** Columns of B and rows of A. */
  rank: number;
  /** The factor of B·A. */
  scale: number;
}

/** A matrix that is added to. */
export interface LoraSite extends LoraRank {
  /** The name of A, [rank, inputs]. */
  a: string;
  /** The name of B, [outputs, rank]. */
  b: string;
}

/** What a model's low-rank matrices are. */
export interface LoraPlan {
  /** Their parameters. */
  module: ModuleSpec;
  /** The matrices that are added to, by name. */
  sites: ReadonlyMap<string, LoraSite>;
}

/** The name of a matrix without its ".weight": that of its layer. */
export function layerOf(matrix: string): string {
  return matrix.replace(/\.weight$/, "");
}

/**
 * Lays out low-rank matrices: of each bundle the A lie together, so that one product makes them all. A starts uniform
 * within ±1/√inputs (what PEFT's Kaiming start with a = √5 comes to), B at 0: the model starts as it was.
 *
 * @param modules A model's parameters.
 * @param choose What is added to a linear layer's matrix, by the matrix's name; undefined for nothing.
 */
export function planLora(
  modules: readonly ModuleSpec[],
  choose: (matrix: string) => LoraRank | undefined,
): LoraPlan {
  const sites = new Map<string, LoraSite>();
  const bundles: Bundle[] = [];
  for (const bundle of modules.flatMap(({ bundles }) => bundles)) {
    const as: Spec[] = [], bs: Spec[] = [];
    for (const { name, shape: [outputs = 0, inputs = 0], linear, idle } of bundle) {
      const chosen = linear && !idle ? choose(name) : undefined;
      if (!chosen) continue;
      const layer = layerOf(name), { rank } = chosen;
      const site = { ...chosen, a: `${layer}.lora_A.weight`, b: `${layer}.lora_B.weight` };
      sites.set(name, site);
      as.push({ name: site.a, shape: [rank, inputs], init: { uniform: 1 / Math.sqrt(inputs) } });
      bs.push({ name: site.b, shape: [outputs, rank], init: { constant: 0 } });
    }
    if (as.length > 0) bundles.push(as, ...bs.map((b) => [b]));
  }
  return { module: { name: LORA, bundles }, sites };
}

/** What says which step and pass it is, where something is dropped of the layers' inputs. */
export type LoraNoise = Pick<Dropout, "scalars" | "stepAt" | "passAt">;

/** The low-rank matrices of a model on the device. */
export class LoraMatrices {
  /** What they are. */
  readonly plan: LoraPlan;
  /** Share of a layer's inputs that is dropped in training, on the way into A. */
  readonly dropout: number;
  /** Decides how A starts, and what is dropped. */
  readonly seed: number;
  /** How the factors followed from α, for the file that is saved. */
  readonly scaling: "standard" | "rs";
  readonly #parameters: Parameters;
  readonly #sites = new Map<string, number>();

  /**
   * The matrices of a plan, wherever they are used.
   *
   * @param parameters Where the matrices of the plan lie.
   * @param plan What they are.
   * @param options Share that is dropped, from 0 to below 1, the seed of the start and of what is dropped, and how the
   * factors followed from α.
   */
  constructor(
    parameters: Parameters,
    plan: LoraPlan,
    { dropout, seed, scaling }: Pick<LoraMatrices, "dropout" | "seed" | "scaling">,
  ) {
    this.#parameters = parameters;
    this.plan = plan;
    this.dropout = dropout;
    this.seed = seed;
    this.scaling = scaling;
    const random = new Random(seed).fork("dropout");
    for (const name of plan.sites.keys()) this.#sites.set(name, random.fork(name).int(2 ** 32));
  }

  /** Writes the starting values (queued). */
  start() {
    const random = new Random(this.seed).fork(LORA);
    for (const bundle of this.plan.module.bundles) {
      const tensor = this.#parameters.tensor(bundle.map(({ name }) => name), false);
      const values = bundle.flatMap((spec) => [...startingValues(spec, random)]);
      tensor.write(this.#parameters.gpu, Float32Array.from(values));
    }
  }

  /**
   * What is added to a matrix.
   *
   * @param names The matrix, or those that lie together as one.
   * @param train Whether A and B get gradients.
   * @param noise Set where something is dropped.
   * @returns Undefined where nothing is added.
   */
  of(names: readonly string[], train: boolean, noise?: LoraNoise): LowRank | undefined {
    const { sites } = this.plan;
    const chosen = names.filter((name) => sites.has(name));
    if (chosen.length === 0) return undefined;
    let first = 0;
    const parts = names.flatMap((name) => {
      const site = sites.get(name), at = first;
      first += this.#parameters.places.get(name)!.shape[0]!;
      return site ? [{ b: this.#parameters.tensor([site.b], train), first: at, scale: site.scale }] : [];
    });
    const a = this.#parameters.tensor(chosen.map((name) => sites.get(name)!.a), train);
    if (!noise || this.dropout === 0) return { a, parts };
    return { a, parts, dropout: { ...noise, share: this.dropout, site: this.#sites.get(chosen[0]!)! } };
  }
}

/** The bench: our kernels and training step beside jax-js and TensorFlow.js. @module */
export { checkMemory, measureMemory, type MemoryRow } from "./memory.ts";
export type { WorkloadProfile } from "./profile.ts";
export { type BenchOptions, type BenchRow, type PeerName, PEERS, runBench } from "./run.ts";
export { measureStorage, type StorageRow } from "./storage.ts";
export { label, type Workload, workloads } from "./workload.ts";

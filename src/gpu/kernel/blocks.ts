/**
 * The blocks that kernels include, by name: `//#include spread` stands for the lines of kernels/blocks/spread.wgsl.
 *
 * @module
 */
import acrossTile from "../../../kernels/blocks/across_tile.wgsl" with { type: "text" };
import activationChosen from "../../../kernels/blocks/activation_chosen.wgsl" with { type: "text" };
import activations from "../../../kernels/blocks/activations.wgsl" with { type: "text" };
import attentionGradients from "../../../kernels/blocks/attention_gradients.wgsl" with { type: "text" };
import attentionOperands from "../../../kernels/blocks/attention_operands.wgsl" with { type: "text" };
import attentionPair from "../../../kernels/blocks/attention_pair.wgsl" with { type: "text" };
import attentionScore from "../../../kernels/blocks/attention_score.wgsl" with { type: "text" };
import attentionTile from "../../../kernels/blocks/attention_tile.wgsl" with { type: "text" };
import attentionTileBackward from "../../../kernels/blocks/attention_tile_backward.wgsl" with {
  type: "text",
};
import attentionTileSums from "../../../kernels/blocks/attention_tile_sums.wgsl" with { type: "text" };
import elements from "../../../kernels/blocks/elements.wgsl" with { type: "text" };
import gemmEnding from "../../../kernels/blocks/gemm_ending.wgsl" with { type: "text" };
import gemmParams from "../../../kernels/blocks/gemm_params.wgsl" with { type: "text" };
import gemmStep from "../../../kernels/blocks/gemm_step.wgsl" with { type: "text" };
import laneSum from "../../../kernels/blocks/lane_sum.wgsl" with { type: "text" };
import normElements from "../../../kernels/blocks/norm_elements.wgsl" with { type: "text" };
import normLanes from "../../../kernels/blocks/norm_lanes.wgsl" with { type: "text" };
import rowReductions from "../../../kernels/blocks/row_reductions.wgsl" with { type: "text" };
import spans from "../../../kernels/blocks/spans.wgsl" with { type: "text" };
import spread from "../../../kernels/blocks/spread.wgsl" with { type: "text" };
import storedElements from "../../../kernels/blocks/stored_elements.wgsl" with { type: "text" };
import workgroupMemory from "../../../kernels/blocks/workgroup_memory.wgsl" with { type: "text" };
import workgroupMoments from "../../../kernels/blocks/workgroup_moments.wgsl" with { type: "text" };
import workgroupSums from "../../../kernels/blocks/workgroup_sums.wgsl" with { type: "text" };

/** Their texts. */
export const BLOCKS: Readonly<Record<string, string>> = {
  across_tile: acrossTile,
  activation_chosen: activationChosen,
  activations,
  attention_gradients: attentionGradients,
  attention_operands: attentionOperands,
  attention_pair: attentionPair,
  attention_score: attentionScore,
  attention_tile: attentionTile,
  attention_tile_backward: attentionTileBackward,
  attention_tile_sums: attentionTileSums,
  elements,
  gemm_ending: gemmEnding,
  gemm_params: gemmParams,
  gemm_step: gemmStep,
  lane_sum: laneSum,
  norm_elements: normElements,
  norm_lanes: normLanes,
  row_reductions: rowReductions,
  spans,
  spread,
  stored_elements: storedElements,
  workgroup_memory: workgroupMemory,
  workgroup_moments: workgroupMoments,
  workgroup_sums: workgroupSums,
};

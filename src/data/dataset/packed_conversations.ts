/**
 * Conversations of a large dataset in little memory: arrays of their own take several times what is in them.
 *
 * @module
 */

import { type Grid, UNCUT } from "../images/picture.ts";
import type { EncodedConversation } from "../text/conversation.ts";

/** A conversation ready to be trained on, and how its images are cut. */
export interface ReadyConversation extends EncodedConversation {
  /** The grid of each of the sample's images. */
  grids: readonly Grid[];
}

/** Tokens that share an array. */
const BLOCK = 1 << 18;

/** Tokens of many conversations, one after the other. */
interface Block {
  ids: Int32Array;
  mask: Uint8Array;
}

/** A conversation whose arrays are parts of a block's. */
class Packed implements ReadyConversation {
  constructor(
    private readonly block: Block,
    private readonly start: number,
    private readonly length: number,
    readonly images: string[],
    readonly grids: readonly Grid[],
  ) {}

  get ids(): Int32Array {
    return this.block.ids.subarray(this.start, this.start + this.length);
  }

  get mask(): Uint8Array {
    return this.block.mask.subarray(this.start, this.start + this.length);
  }
}

/**
 * Opens a place for conversations.
 *
 * @returns Puts a conversation there, and gives it back as it is kept. Its images are `shown` where they are the same.
 */
export function packConversations(): (
  conversation: EncodedConversation,
  grids: readonly Grid[],
  shown: string[],
) => ReadyConversation {
  const uncut: Grid[][] = [];
  let block: Block = { ids: new Int32Array(0), mask: new Uint8Array(0) }, used = 0;
  return ({ ids, mask, images }, grids, shown) => {
    const { length } = ids;
    if (used + length > block.ids.length) {
      const size = Math.max(BLOCK, length);
      block = { ids: new Int32Array(size), mask: new Uint8Array(size) };
      used = 0;
    }
    block.ids.set(ids, used);
    block.mask.set(mask, used);
    const same = images.length === shown.length && images.every((path, i) => path === shown[i]);
    const shared = grids.every((grid) => grid === UNCUT)
      ? uncut[grids.length] ??= new Array<Grid>(grids.length).fill(UNCUT)
      : grids;
    used += length;
    return new Packed(block, used - length, length, same ? shown : images, shared);
  };
}

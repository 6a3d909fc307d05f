// What a workgroup's lanes have of TILE rows: two sums, each a vec4 with a value a row (the second counts if CENTRED).
// They go through workgroup memory, of which two copies take turns, so that a block of rows needs one barrier. With many
// lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.
struct Sums { first: vec4f, second: vec4f }

var<workgroup> lane_first: array<vec4f, ${2 * LANES}>;
//#if CENTRED
var<workgroup> lane_second: array<vec4f, ${2 * LANES}>;
//#end CENTRED

fn store_sums(at: u32, sums: Sums) {
  lane_first[at] = sums.first;
  //#if CENTRED
  lane_second[at] = sums.second;
  //#end CENTRED
}

// Where the sums to be added up stand, in `block`'s turn.
fn sums_at(block: u32) -> u32 {
  //#if TREE
  return ${LANES}u; // those of sixteens
  //#elif LOOP
  return (block & 1u) * ${LANES}u;
  //#else
  return 0u;
  //#end TREE
}

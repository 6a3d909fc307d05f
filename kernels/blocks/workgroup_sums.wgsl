// The sums that a workgroup's lanes have of TILE rows, a vec4, added up over the lanes: two of them at a time (of which
// the second counts if CENTRED). They go through workgroup memory, of which two copies take turns, so that a block of
// rows needs one barrier. With many lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.
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

fn workgroup_sums(own: Sums, block: u32, lane: u32) -> Sums {
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < ${PARTS}u) {
    var sixteen = Sums();
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + ${l}u];
    //#if CENTRED
    sixteen.second += lane_second[16u * lane + ${l}u];
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var sums = Sums();
  //#repeat l PARTS
  sums.first += lane_first[at + ${l}u];
  //#if CENTRED
  sums.second += lane_second[at + ${l}u];
  //#end CENTRED
  //#end l
  return sums;
}

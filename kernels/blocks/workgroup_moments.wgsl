//#include workgroup_memory
// Mean and mean square about it of TILE rows, a vec4, from what a workgroup's lanes have of them: the sum of their
// values, and of the squares about their own mean, which are joined as in Chan, Golub and LeVeque (1983).
// Not CENTRED: the mean is 0, and the squares are about 0.
struct Moments { mean: vec4f, square: vec4f }

//#if CENTRED
// Values of a row that a lane holds.
fn held(lane: u32) -> f32 { return f32(4u * ((p.width + ${LANES - 1}u - lane) / ${LANES}u)); }
// … that one of PARTS holds: a lane, or (TREE) sixteen lanes, 0 to 15 being the first.
fn held_by(part: u32) -> f32 {
  //#if TREE
  let before = 16u * part;
  let one_more = min(max(p.width % ${LANES}u, before) - before, 16u);
  return f32(4u * (16u * (p.width / ${LANES}u) + one_more));
  //#else
  return held(part);
  //#end TREE
}

// What `values` values' squares about `mean` are more than those about their own mean.
fn about(mean: vec4f, sum: vec4f, values: f32) -> vec4f {
  let off = sum / max(values, 1.0) - mean;
  return values * off * off;
}
//#end CENTRED

fn workgroup_moments(own: Sums, block: u32, lane: u32) -> Moments {
  let size = f32(4u * p.width);
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < ${PARTS}u) {
    var sixteen = Sums();
    //#if CENTRED
    //#repeat l 16
    sixteen.second += lane_second[16u * lane + ${l}u];
    //#end l
    let middle = sixteen.second / max(held_by(lane), 1.0);
    //#end CENTRED
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + ${l}u];
    //#if CENTRED
    sixteen.first += about(middle, lane_second[16u * lane + ${l}u], held(16u * lane + ${l}u));
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var moments = Moments();
  //#if CENTRED
  //#repeat l PARTS
  moments.mean += lane_second[at + ${l}u];
  //#end l
  moments.mean /= size;
  //#end CENTRED
  //#repeat l PARTS
  moments.square += lane_first[at + ${l}u];
  //#if CENTRED
  moments.square += about(moments.mean, lane_second[at + ${l}u], held_by(${l}u));
  //#end CENTRED
  //#end l
  moments.square /= size;
  return moments;
}

//#include workgroup_memory
// The sums of all lanes, added up.
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

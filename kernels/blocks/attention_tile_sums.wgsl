    // sum${g} += weights${g}·rows, of the 32 rows of summands${g}
    //#if g
    workgroupBarrier(); // the weights before have been read
    //#end g
    //#repeat c 4
    pairs[(tx + ${8 * c}u) * 8u + ty] = weights${g}[${c}];
    //#end c
    for (var first = 0u; first < 32u; first += ${STEP}u) {
      workgroupBarrier(); // what stood there has been read
      for (var n = i; n < ${STEP * D4}u; n += ${WORKGROUP}u) {
        let j = other + first + n / ${D4}u;
        var summand = vec4f();
        if (j < end) { summand = load(summands${g}.gradient, j, summands${g}.at + n % ${D4}u); }
        stage[n] = summand;
      }
      workgroupBarrier();
      for (var n = 0u; n < ${STEP}u; n++) {
        let weight = pairs[(first + n) * 8u + ty];
        //#if WEIGHT_SUM
        weight_sum += weight;
        //#end WEIGHT_SUM
        //#repeat c VCOLS
        let x${c} = stage[n * ${D4}u + min(tx + ${8 * c}u, ${D4 - 1}u)];
        //#repeat r 4
        sum${g}_${c}_${r} = fma(vec4f(weight[${r}]), x${c}, sum${g}_${c}_${r});
        //#end r
        //#end c
      }
    }

    //#include attention_score
    // weight = exp(score·scale − lse) and d_score = weight·(d_weight − delta) of own row r and row j
    var dw${r} = own_value${r}_0 * other_value0;
    //#repeat d D4MORE
    dw${r} = fma(own_value${r}_${d + 1}, other_value${d + 1}, dw${r});
    //#end d
    let score${r} = lane_sum(s${r}) * p.scale;
    let weight${r} = select(0.0, exp(score${r} - lse${r}), j >= range${r}.x && j < range${r}.y);
    let d_score${r} = weight${r} * (lane_sum(dw${r}) - delta${r});

    // score: own row r times the other side's row.
    var s${r} = own${r}_0 * other0;
    //#repeat d D4MORE
    s${r} = fma(own${r}_${d + 1}, other${d + 1}, s${r});
    //#end d

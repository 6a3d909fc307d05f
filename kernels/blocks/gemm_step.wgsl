    // Four columns of a row, four k.
    y${i}_${j} = fma(vec4f(a${i}.x), b${j}[0], y${i}_${j});
    y${i}_${j} = fma(vec4f(a${i}.y), b${j}[1], y${i}_${j});
    y${i}_${j} = fma(vec4f(a${i}.z), b${j}[2], y${i}_${j});
    y${i}_${j} = fma(vec4f(a${i}.w), b${j}[3], y${i}_${j});

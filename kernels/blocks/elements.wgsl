// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
//#if VECTOR
alias T = vec4f;
//#else
alias T = f32;
//#end VECTOR

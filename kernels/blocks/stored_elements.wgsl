//#include elements
// A T as x and y hold it, which may be in 16 bits.
//#if VECTOR
alias X = x_t4;
alias Y = y_t4;
//#else
alias X = x_t;
alias Y = y_t;
//#end VECTOR

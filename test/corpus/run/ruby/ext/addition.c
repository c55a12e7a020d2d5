#include <ruby.h>

static VALUE add(VALUE self, VALUE a, VALUE b) { return INT2NUM(NUM2INT(a) + NUM2INT(b)); }

void Init_addition(void) { rb_define_global_function("add", add, 2); }

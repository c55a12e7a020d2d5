#include <stdio.h>
#include <zlib.h>

int main(void) {
  return zlibVersion() ? puts("ok") == EOF : 1;
}

#include <iostream>
#include <zlib.h>

int main() {
  long a = 0, b = 0;
  std::cin >> a >> b;
  std::cout << a + b << " " << (zlibVersion()[0] == '1') << std::endl;
}

/* A calculator: reads "1 + 2" line by line, prints the result, ends at end of input. */
#include <stdio.h>

int main(void) {
  char line[256];
  while (fgets(line, sizeof line, stdin)) {
    double left, right;
    char symbol, rest;
    if (line[0] == '\n') continue;
    if (sscanf(line, "%lf %c %lf %c", &left, &symbol, &right, &rest) != 3) {
      puts("error: write it as: 1 + 2");
      continue;
    }
    switch (symbol) {
      case '+': printf("%g\n", left + right); break;
      case '-': printf("%g\n", left - right); break;
      case '*': printf("%g\n", left * right); break;
      case '/':
        if (right == 0) puts("error: division by zero");
        else printf("%g\n", left / right);
        break;
      default: printf("error: unknown operator %c\n", symbol);
    }
  }
  return 0;
}

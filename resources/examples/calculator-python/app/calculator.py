"""A calculator: reads "1 + 2" line by line, prints the result, ends at end of input."""

import sys

from tinycalc import calculate


def main() -> None:
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            print(f"{calculate(line):g}")
        except ValueError as problem:
            print(f"error: {problem}")


if __name__ == "__main__":
    main()

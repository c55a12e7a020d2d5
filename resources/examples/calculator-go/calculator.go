// A calculator: reads "1 + 2" line by line, prints the result, ends at end of input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		result, err := calculate(line)
		if err != nil {
			fmt.Println("error:", err)
			continue
		}
		fmt.Println(strconv.FormatFloat(result, 'g', -1, 64))
	}
}

func calculate(line string) (float64, error) {
	words := strings.Fields(line)
	if len(words) != 3 {
		return 0, fmt.Errorf("write it as: 1 + 2")
	}
	left, errLeft := strconv.ParseFloat(words[0], 64)
	right, errRight := strconv.ParseFloat(words[2], 64)
	if errLeft != nil || errRight != nil {
		return 0, fmt.Errorf("both sides must be numbers")
	}
	switch words[1] {
	case "+":
		return left + right, nil
	case "-":
		return left - right, nil
	case "*":
		return left * right, nil
	case "/":
		if right == 0 {
			return 0, fmt.Errorf("division by zero")
		}
		return left / right, nil
	}
	return 0, fmt.Errorf("unknown operator %s", words[1])
}

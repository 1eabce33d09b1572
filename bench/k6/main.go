// Command k6 is k6 with a Kafka module: `import { Writer, Reader, Connection } from 'k6/x/kafka'`.
package main

import (
	"go.k6.io/k6/cmd"

	_ "headroom/k6/kafka"
)

func main() { cmd.Execute() }

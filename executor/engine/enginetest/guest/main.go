// Command guest is everything that the test containers run: it does what the
// name says under which it was started. Its answers are those of the real
// tools; its failures are chosen by the container's environment.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"path"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	name, args := path.Base(os.Args[0]), os.Args[1:]
	if name == "guest" && len(args) > 0 {
		name, args = args[0], args[1:]
	}
	os.Exit(map[string]func([]string) int{
		"beam.smp": beam, "say": say, "flood": flood, "eat": eat, "hang": hang, "deaf": deaf, "cat": cat, "du": du,
		"vernemq": vernemq, "vmq-admin": admin, "ping": ping,
	}[name](args))
}

// beam is the broker's process: it holds its ports and logs two lines.
func beam([]string) int {
	for _, at := range strings.Fields(os.Getenv("LISTEN")) {
		if _, err := net.Listen("tcp4", at); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	fmt.Println("first line, on standard output")
	fmt.Fprintln(os.Stderr, "second line, on standard error")
	return hang(nil)
}

// say prints its first two arguments on the two streams and ends with the third.
func say(args []string) int {
	fmt.Print(args[0])
	fmt.Fprint(os.Stderr, args[1])
	code, _ := strconv.Atoi(args[2])
	return code
}

func flood([]string) int {
	line := strings.Repeat("x", 1023) + "\n"
	for range 8 << 10 {
		fmt.Print(line)
	}
	return 0
}

// eat takes memory, once it gets SIGTERM, until the kernel ends it. One that ends in
// its first moment is ended before the daemon watches what memory it lacks.
func eat([]string) int {
	hang(nil)
	var eaten [][]byte
	for {
		bite := make([]byte, 1<<20)
		for i := 0; i < len(bite); i += 4096 {
			bite[i] = 1
		}
		eaten = append(eaten, bite)
		if len(eaten) > 1<<10 { // a gigabyte, and nobody minded
			return 1
		}
	}
}

func hang([]string) int {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	signal.Ignore(syscall.SIGUSR2) // says to enginetest.Hears that the line above was reached
	<-end
	return 0
}

// deaf does not end when it is asked to.
func deaf([]string) int {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	fmt.Println("deaf")
	for range asked { //nolint:revive // nobody is heard
	}
	return 0
}

func cat(args []string) int {
	for _, path := range args {
		body, err := os.ReadFile(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		_, _ = os.Stdout.Write(body)
	}
	return 0
}

// du says that every folder holds 4 kB.
func du(args []string) int {
	fmt.Printf("4\t%s\n", args[len(args)-1])
	return 0
}

// vernemq says pong. Where nobody is to ask for it, whoever does gets an answer that
// tells nothing.
func vernemq(args []string) int {
	switch {
	case args[0] == "ping" && os.Getenv("NOPING") != "":
		fmt.Fprintln(os.Stderr, "nobody was to ask this")
		return 3
	case os.Getenv("DOWN") != "":
		return mute()
	case args[0] == "escript":
		fmt.Println(os.Getenv("REBIND"))
	default:
		fmt.Println("pong")
	}
	return 0
}

// mute is what every command of VerneMQ says where its own ping finds nobody.
func mute() int {
	fmt.Fprintln(os.Stderr, "Node 'VerneMQ@10.0.0.1' not responding to pings.")
	return 1
}

func admin(args []string) int {
	if os.Getenv("DOWN") != "" {
		return mute()
	}
	switch strings.Join(args[:2], " ") {
	case "cluster show":
		fmt.Print(`{"table":[{"Node":"VerneMQ@10.0.0.1","Running":true},{"Node":"VerneMQ@10.0.0.2","Running":false}],"type":"table"}`)
	case "listener show":
		fmt.Print(`{"table":[{"type":"vmq","status":"running","address":"10.0.0.1","port":"44053","mountpoint":"","max_conns":10000,"active_conns":0,"all_conns":0}],"type":"table"}`)
	default:
		var values strings.Builder
		for _, k := range args[1 : len(args)-1] {
			fmt.Fprintf(&values, `,"%s":"%s"`, k, os.Getenv("SWITCH"))
		}
		fmt.Printf(`{"table":[{"node":"VerneMQ@10.0.0.1"%s}],"type":"table"}`, values.String())
	}
	return 0
}

func ping(args []string) int {
	fmt.Printf("PING %s 56(84) bytes of data.\n\n--- %s ping statistics ---\n3 packets transmitted, 2 received, 33%% packet loss, time 403ms\nrtt min/avg/max/mdev = 0.031/0.039/1.046/0.006 ms\n", args[len(args)-1], args[len(args)-1])
	return 0
}

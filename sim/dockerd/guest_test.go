package dockerd_test

import (
	"fmt"
	"strconv"
	"strings"

	"vmqbot/sim/dockerd"
	"vmqbot/sim/kernel"
)

// guest is what the guest program of executor/engine/enginetest does, as a
// program of a simulated machine.
func guest(p *kernel.Process) int {
	name, args := p.Argv[0][strings.LastIndex(p.Argv[0], "/")+1:], p.Argv[1:]
	if name == "guest" && len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "beam.smp":
		p.Printf("first line, on standard output\n")
		p.Errorf("second line, on standard error\n")
		return hang(p)
	case "say":
		p.Printf("%s", args[0])
		p.Errorf("%s", args[1])
		code, _ := strconv.Atoi(args[2])
		return code
	case "flood":
		line := strings.Repeat("x", 1023) + "\n"
		for range 8 << 10 {
			p.Printf("%s", line)
		}
	case "hang":
		return hang(p)
	case "deaf":
		p.Catch(make(chan kernel.Signal, 1), kernel.TERM)
		p.Printf("deaf\n")
		<-p.Context().Done()
	case "cat":
		for _, path := range args {
			body, err := p.ReadFile(path)
			if err != nil {
				p.Errorf("%v\n", err)
				return 1
			}
			_, _ = p.Stdout().Write(body)
		}
	case "vernemq":
		p.Printf("pong\n")
	default:
		p.Errorf("no %s here\n", name)
		return 2
	}
	return 0
}

func hang(p *kernel.Process) int {
	end := make(chan kernel.Signal, 1)
	p.Catch(end, kernel.TERM)
	select {
	case <-end:
	case <-p.Context().Done():
	}
	return 0
}

// guestImage is the image that enginetest imports.
func guestImage(tags ...string) dockerd.Image {
	return dockerd.Image{Tags: tags, Comment: "Imported from -", Layers: []dockerd.Layer{{
		Programs: map[string]dockerd.Program{"/bin/guest": {Name: "guest", Main: guest}},
		Links:    map[string]string{"/bin/beam.smp": "guest", "/bin/vernemq": "guest", "/bin/vmq-admin": "guest"},
	}}}
}

var _ = fmt.Sprint

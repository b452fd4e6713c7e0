package weavenet

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// cidrWord is what the script takes for an address; it is far from precise.
var cidrWord = regexp.MustCompile(`^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/[0-9]{1,2}$`)

// collect splits the addresses off the front of the arguments.
func collect(args []string) (cidrs, rest []string) {
	for len(args) > 0 {
		word := args[0]
		_, bare, _ := strings.Cut(word, ":")
		if word != "net:default" && !cidrWord.MatchString(word) && (!cidrWord.MatchString(bare) || !strings.HasPrefix(word, "ip:") && !strings.HasPrefix(word, "net:")) {
			break
		}
		cidrs, args = append(cidrs, strings.TrimPrefix(word, "ip:")), args[1:]
	}
	return cidrs, args
}

// containerID is weaveutil container-id.
func (s *script) containerID(ref string) (string, bool) {
	c, err := s.d.Find(ref)
	if err != nil {
		s.p.Errorf("%v\n", inspectError(ref, err))
		return "", false
	}
	return c.ID, true
}

func inspectError(ref string, err error) error {
	if errors.Is(err, ErrNoContainer) {
		return fmt.Errorf("unable to inspect container %s: %w: %s", ref, ErrNoContainer, ref)
	}
	return fmt.Errorf("unable to inspect container %s: %w", ref, err)
}

// live is a container whose namespace can be entered, as weaveutil's
// containerPid finds it.
func (s *script) live(id string) (Container, bool) {
	c, err := s.d.Find(id)
	switch {
	case err != nil:
		s.p.Errorf("%v\n", inspectError(id, err))
	case !c.Running():
		s.p.Errorf("container %s not running\n", id)
	default:
		return c, true
	}
	return c, false
}

// parseAll reads the addresses that are to be put on, or taken off.
func (s *script) parseAll(words []string) ([]netip.Prefix, bool) {
	var list []netip.Prefix
	for _, w := range words {
		p, err := netip.ParsePrefix(w)
		if err != nil {
			s.p.Errorf("%v\n", badCIDR(w))
			return nil, false
		}
		list = append(list, p)
	}
	return list, true
}

// ipamCIDRs is the script's ipam_cidrs: it claims plain addresses and has
// others allocated, or looks them up. What the router allocated is also in the
// second list.
func (s *script) ipamCIDRs(method, id string, args []string, query string) (all, allocated []string, code int) {
	if len(args) == 0 {
		args = []string{"net:default"}
	}
	for _, arg := range args {
		if net, is := strings.CutPrefix(arg, "net:"); is {
			path := "/ip/" + id
			if net != "default" {
				path += "/" + net
			}
			r := s.callWeave(method, path+query, nil)
			if r.exit == 4 && method == "POST" {
				s.p.Errorf("IP address allocation must be enabled to use 'net:'\n")
				return nil, nil, 1
			}
			if r.exit != 0 {
				s.p.Errorf("%s", r.stderr)
				return nil, nil, r.exit
			}
			words := strings.Fields(r.stdout)
			all, allocated = append(all, words...), append(allocated, words...)
			continue
		}
		if method == "POST" {
			s.checkOverlap(arg)
			if s.weaveRunning() {
				if code := s.show(s.httpCall("PUT", "/ip/"+id+"/"+arg+query, nil)); code != 0 && code != 4 {
					return nil, nil, 1
				}
			}
		}
		all = append(all, arg)
	}
	return all, allocated, 0
}

// addressed finds the container that is named behind addresses, and the
// addresses as ipamCIDRs does; code is the exit status when that is the end.
func (s *script) addressed(method, query string, cidrs, rest []string) (id string, all, allocated []string, code int) {
	if len(rest) != 1 {
		return "", nil, nil, s.usage()
	}
	id, ok := s.containerID(rest[0])
	if !ok {
		return "", nil, nil, 1
	}
	all, allocated, code = s.ipamCIDRs(method, id, cidrs, query)
	return id, all, allocated, code
}

// change does something to the addresses of a container that runs and may be
// changed; unbridged is the complaint of a machine without weave's bridge.
func (s *script) change(id string, words []string, unbridged string, may func(Container) bool, do func(*bridge, Container, []netip.Prefix) bool) bool {
	c, ok := s.live(id)
	if !ok || !may(c) {
		return false
	}
	list, ok := s.parseAll(words)
	if !ok {
		return false
	}
	b := s.h.current(s.p.Machine)
	if b == nil {
		s.p.Errorf("%s\n", unbridged)
		return false
	}
	return do(b, c, list)
}

// showAddrs prints addresses without their lengths.
func (s *script) showAddrs(cidrs []string) {
	bare := make([]string, len(cidrs))
	for i, c := range cidrs {
		bare[i], _, _ = strings.Cut(c, "/")
	}
	s.p.Printf("%s\n", strings.Join(bare, " "))
}

// attach puts addresses onto a running container. Flags stand after the
// addresses: before them they are not understood, whatever the usage says.
func (s *script) attach(args []string) int {
	cidrs, rest := collect(args)
	for len(rest) > 0 {
		switch {
		case rest[0] == "--add-host" && len(rest) > 1:
			rest = rest[2:]
			continue
		case rest[0] == "--without-dns" || rest[0] == "--rewrite-hosts" || rest[0] == "--no-multicast-route" || strings.HasPrefix(rest[0], "--add-host="):
			rest = rest[1:]
			continue
		}
		break
	}
	id, all, _, code := s.addressed("POST", "?check-alive=true", cidrs, rest)
	if code != 0 {
		return code
	}
	if !s.attachContainer(id, all) {
		return 1
	}
	s.showAddrs(all)
	return 0
}

// attachContainer is weaveutil attach-container.
func (s *script) attachContainer(id string, words []string) bool {
	return s.change(id, words, fmt.Sprintf("bridge %q not present; did you launch weave?", bridgeDev), func(c Container) bool {
		if c.HostNet || c.Net == s.p.Machine.Net {
			s.p.Errorf("Container is running in the host network namespace, and therefore cannot be\nconnected to weave - perhaps the container was started with --net=host\n")
			return false
		}
		return true
	}, func(b *bridge, c Container, list []netip.Prefix) bool {
		b.plug(c, list)
		return true
	})
}

package conf_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"vmqbot/conf"
	"vmqbot/regions"
	"vmqbot/secret"
)

// anyNode is a node whose settings are drawn from what fleet files hold, right
// and wrong.
func anyNode(r *rand.Rand) regions.Node {
	n := node()
	n.Ports = [][]int{nil, {44053}, {1883}, {1883, 1889, 1900, 44053}, {18830, 1900}}[r.IntN(5)]
	kinds := []string{"tcp", "tcp", "tcp", "ws", "ssl", "http", "vmqs"}
	addresses := []string{"0.0.0.0", "127.0.0.1", "10.0.0.1", "10.0.0.9"}
	for i := range r.IntN(5) {
		key := fmt.Sprintf("listener.%s.%c", kinds[r.IntN(len(kinds))], 'a'+i)
		n.Conf[key] = secret.Plain(fmt.Sprintf("%s:%d", addresses[r.IntN(4)], 1880+r.IntN(30)))
		for option, value := range map[string]string{"max_connections": "7", "mountpoint": "off", "proxy_protocol": "on"} {
			if r.IntN(4) == 0 {
				n.Conf[key+"."+option] = secret.Plain(value)
			}
		}
	}
	for key, value := range map[string]string{
		"listener.tcp.max_connections": "5", "listener.max_connections": "infinity", "metadata_plugin": "vmq_plumtree",
		"zeta": "a = b", "alpha": "'q#'", "outgoing_clustering_buffer_size": "1",
	} {
		if r.IntN(3) == 0 {
			n.Conf[key] = secret.Plain(value)
		}
	}
	if r.IntN(2) == 0 {
		n.Conf["vmq_diversity.redis.password"] = secret.Hidden(hush)
	}
	return n
}

// Whatever the fleet file says: the text reads back as the settings, every
// TCP listener is written or a door and never both, every line of the fleet
// file that is no door's stands in the file as it is, and nothing is printed
// that is secret.
func TestEveryFile(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14)) // the same cases each time
	for i := range 2000 {
		n, v := anyNode(r), []conf.Version{v161, v212, v220, none}[r.IntN(4)]
		f := conf.Render(n, v)
		back, err := conf.Parse(f.Text().Reveal())
		if err != nil || !maps.Equal(plain(back), plain(f.Settings)) || len(back.Twice)+len(back.Includes) > 0 {
			t.Fatalf("%d: read again it is another: %v\n%s", i, err, f.Shown())
		}
		if again := conf.Render(n, v); again.Digest() != f.Digest() || len(conf.Diff(back, again.Settings)) > 0 {
			t.Fatalf("%d: the same plan is another file\n%s", i, f.Shown())
		}
		if strings.Contains(f.Shown()+f.Listeners()+fmt.Sprint(conf.Problems(n, v, nil)), hush) {
			t.Fatalf("%d: a secret is shown\n%s", i, f.Shown())
		}
		missing(t, n, f)
	}
}

// missing fails for settings of the fleet file that are neither written nor
// carried by a door.
func missing(t *testing.T, n regions.Node, f conf.File) {
	t.Helper()
	doors := map[string]bool{}
	for _, d := range f.Doors {
		doors[d.At.String()] = true
	}
	written := plain(f.Settings)
	for key, w := range n.Conf {
		words := strings.SplitN(key, ".", 4)
		listener := strings.Join(words[:min(3, len(words))], ".")
		at := n.Conf[listener].Reveal()
		door := strings.HasPrefix(key, "listener.tcp.") && doors[at]
		switch stands := written[key] == w.Reveal(); {
		case !stands && !door:
			t.Fatalf("%s is lost\n%s", key, f.Shown())
		case stands && door && written[listener] != at:
			t.Fatalf("%s is left of a door\n%s", key, f.Shown())
		}
	}
}

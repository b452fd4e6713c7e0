package enginetest

import (
	"net"
	"time"
)

// Delay makes a connection as slow as a long way: what is written arrives half
// a round trip later, in both directions, and any amount may be under way.
func Delay(c net.Conn, rtt time.Duration) net.Conn {
	near, far := net.Pipe()
	go carry(c, far, rtt/2)
	go carry(far, c, rtt/2)
	return near
}

type parcel struct {
	due  time.Time
	data []byte
}

// carry moves bytes until either end closes, and then closes both.
func carry(to, from net.Conn, late time.Duration) {
	way := make(chan parcel, 1024)
	go func() {
		defer close(way)
		for {
			b := make([]byte, 32<<10)
			n, err := from.Read(b)
			if n > 0 {
				way <- parcel{time.Now().Add(late), b[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range way {
		<-time.After(time.Until(p.due))
		if _, err := to.Write(p.data); err != nil {
			break
		}
	}
	_ = to.Close()
	_ = from.Close()
	for range way { //nolint:revive // lets the reader end
	}
}

package slackworld

import (
	"fmt"
	"net/http"
	"time"
)

// pace is how often Slack takes a method.
type pace struct {
	most int
	in   time.Duration
}

// Pace makes the proxy count, as Slack does: more than most calls of a method
// within a time are refused with 429. Posts are counted for each channel.
func (p *Proxy) Pace(method string, most int, in time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limits[method] = pace{most, in}
}

// paced refuses a call that comes too soon. The proxy is locked.
func (p *Proxy) paced(c Call) Fault {
	limit, is := p.limits[c.Method]
	if !is {
		return Fault{}
	}
	taken, first := 0, c.At
	for i := len(p.calls) - 1; i >= 0; i-- {
		was := p.calls[i]
		if c.At.Sub(was.At) >= limit.in {
			break
		}
		if was.Method == c.Method && !was.Refused && (c.Method != "chat.postMessage" || was.Args.Get("channel") == c.Args.Get("channel")) {
			taken, first = taken+1, was.At
		}
	}
	if taken < limit.most {
		return Fault{}
	}
	left := limit.in - c.At.Sub(first)
	return Fault{Status: http.StatusTooManyRequests, Retry: int(left/time.Second) + 1}
}

// needed are the scopes of Slack's methods, of which one is enough
// (docs.slack.dev/reference/methods). A method that needs none has none here.
var needed = map[string][]string{
	"auth.test": nil, "apps.connections.open": nil, "views.open": nil, "views.publish": nil,
	"_hooks": nil, "upload": nil, // addresses that Slack has given out
	"chat.postMessage": {"chat:write"}, "chat.update": {"chat:write"}, "chat.postEphemeral": {"chat:write"},
	"conversations.info":    {"channels:read", "groups:read", "im:read", "mpim:read"},
	"conversations.history": {"channels:history", "groups:history", "im:history", "mpim:history"},
	"conversations.replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
	"users.info":            {"users:read"}, "usergroups.users.list": {"usergroups:read"},
	"files.getUploadURLExternal": {"files:write"}, "files.completeUploadExternal": {"files:write"},
}

// events are the scopes by which Slack sends something.
var events = map[string]string{"app_mention": "app_mentions:read", "message.im": "im:history", "slash": "commands", "app_home_opened": ""}

// Scopes holds every call from now on against the scopes of the app, as Slack
// does; a method that nobody has looked up here fails the test, too.
func (p *Proxy) Scopes(of ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.scopes = of
}

// Needs are the scopes that a method needs, each for its kind of channel, or
// that an event needs; false for what nobody has looked up.
func Needs(what string) ([]string, bool) {
	if scope, is := events[what]; is {
		return []string{scope}, true
	}
	scopes, is := needed[what]
	return scopes, is
}

// Methods are all methods that are known here.
func Methods() (all []string) {
	for m := range needed {
		all = append(all, m)
	}
	return all
}

func unscoped(method string, has []string) []string {
	scopes, known := needed[method]
	if !known {
		return []string{method + ": which scope it needs has not been looked up (slackworld/pace.go)"}
	}
	for _, s := range scopes {
		for _, h := range has {
			if s == h {
				return nil
			}
		}
	}
	if len(scopes) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: missing_scope, needs one of %v", method, scopes)}
}

package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// mostBody bounds what is read of a request, in bytes.
const mostBody = 1 << 20

// replayFor is longer than the five minutes for which a signature is valid.
const replayFor = 10 * time.Minute

// web serves /healthz and /readyz, and Slack's requests where a signing secret
// is given.
func (b *Bot) web() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", b.condition(b.health))
	mux.HandleFunc("GET /readyz", b.condition(b.ready))
	if b.o.Pages != nil {
		for _, path := range []string{"/metrics", "/mesh", "/mesh.json"} {
			mux.Handle("GET "+path, b.o.Pages)
		}
	}
	if !b.o.SigningSecret.IsZero() {
		mux.HandleFunc("POST /slack/events", b.knock)
	}
	return mux
}

// condition says what is wrong with the bot itself; where that is nothing and the
// bot watches too, the watch has the word, and what is half wrong comes behind it.
func (b *Bot) condition(wrong func() (why, half string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		why, half := wrong()
		if why != "" || b.o.Pages == nil {
			answer(w, why, half)
			return
		}
		b.o.Pages.ServeHTTP(w, r)
		if half != "" {
			fmt.Fprintln(w, "but "+half)
		}
	}
}

// Hears reports whether a command in Slack would be answered now.
func (b *Bot) Hears() bool {
	why, _ := b.ready()
	return why == ""
}

// answer says why not, or ok and what is half wrong.
func answer(w http.ResponseWriter, why, half string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	switch {
	case why != "":
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, why)
	case half != "":
		fmt.Fprintln(w, "ok, but "+half)
	default:
		fmt.Fprintln(w, "ok")
	}
}

// health says what is wrong with the ears. One that hears is enough to serve;
// half is then what is wrong with the others.
func (b *Bot) health() (why, half string) {
	var all []string
	for _, e := range b.ears {
		if one := e.deaf(time.Now(), false); one != "" {
			all = append(all, one)
		}
	}
	switch half = strings.Join(all, "; "); {
	case len(all) == 0 || len(all) < len(b.ears):
		return "", half
	default:
		return "deaf: " + half, ""
	}
}

// ready says why no command would be answered now.
func (b *Bot) ready() (why, half string) {
	if b.stopping.Load() {
		return "stopping", ""
	}
	if !b.started.Load() {
		return "starting: Slack has not said yet who I am", ""
	}
	return b.health()
}

// knock takes one signed request. The signature covers the raw body and is
// good for once: the library checks neither repetition nor the query.
func (b *Bot) knock(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		http.Error(w, "too large, or cut off", http.StatusRequestEntityTooLarge)
		return
	}
	if why := b.forged(r, body); why != "" {
		b.log.Warn("a request was refused", "why", why, "from", r.RemoteAddr)
		http.Error(w, "refused", http.StatusUnauthorized)
		return
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // a wrong one is no form
	if kind == "application/json" {
		b.knockEvent(w, body)
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		http.Error(w, "not understood", http.StatusBadRequest)
		return
	}
	b.knockForm(w, form)
}

func (b *Bot) forged(r *http.Request, body []byte) string {
	if r.URL.RawQuery != "" {
		return "a query, which no signature covers"
	}
	v, err := slack.NewSecretsVerifier(r.Header, b.o.SigningSecret.Reveal())
	if err != nil {
		return "no valid signature: " + err.Error()
	}
	if _, err := v.Write(body); err != nil {
		return "not verified"
	}
	if err := v.Ensure(); err != nil {
		return "a wrong signature"
	}
	sum := sha256.Sum256([]byte(r.Header.Get("X-Slack-Signature")))
	if !b.seen.first("signature/"+hex.EncodeToString(sum[:]), time.Now(), replayFor) {
		return "a request that was here before"
	}
	return ""
}

func (b *Bot) knockEvent(w http.ResponseWriter, body []byte) {
	event, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
	if err != nil {
		http.Error(w, "not understood", http.StatusBadRequest)
		return
	}
	if event.Type == slackevents.URLVerification {
		var hello slackevents.ChallengeResponse
		if json.Unmarshal(body, &hello) == nil {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, hello.Challenge) // Slack asks again
		}
		return
	}
	c := ofEvent(event, b.api.self)
	w.WriteHeader(http.StatusOK)
	b.take(c)
}

func (b *Bot) knockForm(w http.ResponseWriter, form url.Values) {
	if raw := form.Get("payload"); raw != "" {
		var cb slack.InteractionCallback
		if err := json.Unmarshal([]byte(raw), &cb); err != nil {
			http.Error(w, "not understood", http.StatusBadRequest)
			return
		}
		c := ofInteraction(cb)
		if c.kind == submit {
			if wrong := b.check(c); wrong != nil {
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(wrong) // Slack shows the form again
				return
			}
		}
		w.WriteHeader(http.StatusOK)
		b.take(c)
		return
	}
	c := ofSlash(slack.SlashCommand{
		TeamID: form.Get("team_id"), ChannelID: form.Get("channel_id"), UserID: form.Get("user_id"),
		Text: form.Get("text"), ResponseURL: form.Get("response_url"), TriggerID: form.Get("trigger_id"),
	})
	w.WriteHeader(http.StatusOK)
	b.take(c)
}

// serve answers the web until ctx ends.
func (b *Bot) serve(ctx context.Context, l net.Listener) {
	s := &http.Server{Handler: b.web(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		_ = s.Shutdown(late) // what is still open is cut
		_ = s.Close()
	})
	err := s.Serve(l)
	if stop() {
		b.log.Error("the web endpoints ended", "err", err)
		return
	}
	<-stopped
}

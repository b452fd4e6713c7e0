package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/secret"
)

// callTime bounds one call of Slack's Web API.
const callTime = 10 * time.Second

// api is everything that is said to Slack. Every text on its way passes a
// page, or upload, which redact.
type api struct {
	slack *slack.Client
	red   func() *secret.Redactor
	log   *slog.Logger
	http  *http.Client
	pause func(context.Context, time.Duration) error
	self  string // the bot's own user id, once known
}

func newAPI(o Options) *api {
	client := &http.Client{Timeout: callTime, Transport: o.Transport}
	opts := []slack.Option{
		slack.OptionHTTPClient(client),
		slack.OptionAppLevelToken(o.AppToken.Reveal()),
	}
	if o.API != "" {
		opts = append(opts, slack.OptionAPIURL(o.API))
	}
	return &api{slack: slack.New(o.BotToken.Reveal(), opts...), red: o.Redactor, log: o.Logger, http: client, pause: sleep}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (p *page) options(more ...slack.MsgOption) []slack.MsgOption {
	return append([]slack.MsgOption{
		slack.MsgOptionText(p.text, false), slack.MsgOptionBlocks(p.blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}, more...)
}

// answered is what Slack says by name: it was understood, and refused.
func answered(err error) bool {
	_, ok := errors.AsType[slack.SlackErrorResponse](err)
	return ok
}

// limited is how long Slack wants to be left alone, 0 when it does not.
func limited(err error) time.Duration {
	if l, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return max(l.RetryAfter, time.Second)
	}
	return 0
}

// tries is how often one thing is said before it is given up.
const tries = 6

// persist repeats what Slack did not take: after a rate limit for sure, and
// after no answer, or one that makes no sense, when again is true.
func (a *api) persist(ctx context.Context, what string, again bool, f func(context.Context) error) error {
	var err error
	for i := range tries {
		one, cancel := context.WithTimeout(ctx, callTime)
		err = f(one)
		cancel()
		wait := limited(err)
		switch {
		case err == nil || ctx.Err() != nil || answered(err):
			return err
		case wait == 0 && !again:
			return err
		case wait == 0:
			wait = time.Duration(200<<i) * time.Millisecond
		}
		a.log.Warn("slack did not take it", "call", what, "try", i+1, "wait", wait, "err", a.red().Text(err.Error()))
		if i+1 < tries {
			if stop := a.pause(ctx, min(wait, 30*time.Second)); stop != nil {
				return err
			}
		}
	}
	return err
}

// post says something new in a channel, once: when the answer was lost, the
// channel is read for the mark before it is said again. It returns the
// message's timestamp.
func (a *api) post(ctx context.Context, channel, thread, mark string, p *page) (ts string, err error) {
	blocks := p.blocks
	if len(blocks) == 0 {
		p = newPageLike(p)
		blocks = p.blocks
	}
	setID(blocks[0], mark)
	opts := p.options()
	if thread != "" {
		opts = append(opts, slack.MsgOptionTS(thread))
	}
	unsure := false
	err = a.persist(ctx, "chat.postMessage", true, func(ctx context.Context) error {
		if unsure && mark != "" {
			if found, lookErr := a.find(ctx, channel, thread, mark, time.Time{}); lookErr != nil {
				return lookErr
			} else if found != "" {
				ts = found
				return nil
			}
		}
		var err error
		_, ts, err = a.slack.PostMessageContext(ctx, channel, opts...)
		unsure = err != nil && !answered(err) && limited(err) == 0
		return err
	})
	return ts, err
}

// newPageLike is a page with its text as the only block.
func newPageLike(p *page) *page {
	q := *p
	q.blocks = nil
	q.say(p.text)
	return &q
}

// setID marks a message so that it can be found again.
func setID(b slack.Block, id string) {
	switch b := b.(type) {
	case *slack.SectionBlock:
		b.BlockID = id
	case *slack.HeaderBlock:
		b.BlockID = id
	case *slack.ContextBlock:
		b.BlockID = id
	}
}

// find looks for a message of ours by its mark, among those said since then; a
// zero time is any.
func (a *api) find(ctx context.Context, channel, thread, mark string, since time.Time) (ts string, err error) {
	var messages []slack.Message
	oldest, limit := "", 50
	if !since.IsZero() {
		oldest, limit = fmt.Sprintf("%d.000000", since.Unix()), 200
	}
	if thread == "" {
		h, err := a.slack.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: channel, Oldest: oldest, Limit: limit})
		if err != nil {
			return "", err
		}
		messages = h.Messages
	} else if messages, _, _, err = a.slack.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: thread, Oldest: oldest, Limit: 200}); err != nil {
		return "", err
	}
	for _, m := range messages {
		for _, b := range m.Blocks.BlockSet {
			if b.ID() == mark {
				return m.Timestamp, nil
			}
		}
	}
	return "", nil
}

// update edits a message; blocks are always sent, or Slack removes them.
func (a *api) update(ctx context.Context, channel, ts string, p *page) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	_, _, _, err := a.slack.UpdateMessageContext(ctx, channel, ts, p.options()...)
	return err
}

// whisper says something that one person sees.
func (a *api) whisper(ctx context.Context, channel, user, thread string, p *page) error {
	opts := p.options()
	if thread != "" {
		opts = append(opts, slack.MsgOptionTS(thread))
	}
	return a.persist(ctx, "chat.postEphemeral", true, func(ctx context.Context) error {
		_, err := a.slack.PostEphemeralContext(ctx, channel, user, opts...)
		return err
	})
}

// respond answers through the address that came with a command or a click. It
// counts against no channel's limit, and works where the bot is no member.
// slack-go reads the answer's type before its status and reports what was said
// as not said when there is none, so this is a plain POST of ours.
func (a *api) respond(ctx context.Context, url string, private bool, p *page) error {
	kind := slack.ResponseTypeInChannel
	if private {
		kind = slack.ResponseTypeEphemeral
	}
	body, err := json.Marshal(map[string]any{
		"response_type": kind, "replace_original": false, "text": p.text, "blocks": p.blocks, "unfurl_links": false, "unfurl_media": false,
	})
	if err != nil {
		return err
	}
	return a.persist(ctx, "response_url", true, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := a.http.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()                                  //nolint:errcheck // only the status was wanted
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10)) // so that the connection is used again
		switch after, _ := strconv.Atoi(resp.Header.Get("Retry-After")); {
		case resp.StatusCode == http.StatusTooManyRequests:
			return &slack.RateLimitedError{RetryAfter: time.Duration(after) * time.Second}
		case resp.StatusCode == http.StatusNotFound, resp.StatusCode == http.StatusForbidden, resp.StatusCode == http.StatusGone:
			return slack.SlackErrorResponse{Err: "expired_url"} // it serves for half an hour and five answers
		case resp.StatusCode >= 300:
			return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
		case !taken(said):
			return fmt.Errorf("an answer that makes no sense: %.40q", said)
		default:
			return nil
		}
	})
}

// taken reports whether the answer of a response_url is Slack's: nothing, ok, or
// JSON that says so. Anything else comes from somebody on the way.
func taken(said []byte) bool {
	text := strings.TrimSpace(string(said))
	var known struct {
		OK bool `json:"ok"`
	}
	return text == "" || text == "ok" || json.Unmarshal(said, &known) == nil && known.OK
}

// upload puts a file into a channel or thread. Nobody sees it before its last
// call, so the first two are repeated like any other; the last one, which may
// have been done, after a rate limit only: no file is shown twice.
func (a *api) upload(ctx context.Context, channel, thread, name, title string, content []byte, text bool) error {
	if text {
		content = []byte(printable(a.red().Text(string(content))))
	}
	if len(content) == 0 {
		return nil // slack-go refuses an empty file
	}
	id := ""
	err := a.persist(ctx, "files.getUploadURLExternal", true, func(ctx context.Context) error {
		at, err := a.slack.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: len(content)})
		if err != nil {
			return err
		}
		if err := a.slack.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: at.UploadURL, Filename: name, Reader: bytes.NewReader(content)}); err != nil {
			return err
		}
		id = at.FileID
		return nil
	})
	if err != nil {
		return err
	}
	return a.persist(ctx, "files.completeUploadExternal", false, func(ctx context.Context) error {
		_, err := a.slack.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files:   []slack.FileSummary{{ID: id, Title: shorten(printable(a.red().Text(title)), mostHeader)}},
			Channel: channel, ThreadTimestamp: thread,
		})
		return err
	})
}

// sentence is a failure of Slack for the log.
func sentence(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%T: %v", err, err)
}

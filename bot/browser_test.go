package bot_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"vmqbot/bot/slackworld"
)

var screenshots = flag.String("screenshots", "", "folder for the browser's pictures; none are kept by default")

// browser is a person before the page.
type browser struct {
	t    *testing.T
	ctx  context.Context
	kept string
}

func newBrowser(t *testing.T, page string) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.WindowSize(1280, 1000), chromedp.ExecPath("/usr/bin/chromium"))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 12*time.Minute)
	t.Cleanup(stop)
	b := &browser{t: t, ctx: ctx, kept: t.TempDir()}
	if *screenshots != "" {
		b.kept = *screenshots
	}
	b.do(chromedp.Navigate(page))
	b.do(chromedp.WaitVisible(chromedp.CSS("textarea.composer-input")))
	return b
}

func (b *browser) do(a chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, a); err != nil {
		b.t.Fatal(err)
	}
}

// runs a script that says whether it could do it.
func (b *browser) runs(script string) {
	b.t.Helper()
	if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script)); err != nil || !ok {
		b.t.Fatalf("%v: %s", err, script)
	}
}

// as chooses who sits there.
func (b *browser) as(user string) {
	b.t.Helper()
	b.runs(fmt.Sprintf(`(() => {
		const s = document.querySelector('.actas select');
		Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(s, %q);
		return s.dispatchEvent(new Event('change', {bubbles: true}));
	})()`, user))
}

func (b *browser) types(text string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS("textarea.composer-input"), text+"\r"))
}

// sees waits until the page shows a text.
func (b *browser) sees(text string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](fmt.Sprintf(`document.querySelector('.messages').innerText.includes(%q)`, text), chromedp.WithPollingInterval(200*time.Millisecond), chromedp.WithPollingTimeout(4*time.Minute))); err != nil {
		shown, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.querySelector('.messages').innerText`))
		b.t.Fatalf("%q is not seen: %v\n%s", text, err, shown)
	}
}

// presses the last button of that name.
func (b *browser) presses(name string) {
	b.t.Helper()
	b.runs(fmt.Sprintf(`(() => {
		const all = [...document.querySelectorAll('.messages button')].filter(e => e.innerText.trim() === %q);
		if (all.length) all.at(-1).click();
		return all.length > 0;
	})()`, name))
}

// keeps a picture, which shows something.
func (b *browser) keeps(name string) {
	b.t.Helper()
	b.runs(dressed)
	raw, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil || img.Bounds().Dx() < 1000 {
		b.t.Fatalf("%s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(b.kept, name+".png"), raw, 0o644); err != nil { //nolint:gosec // a picture for everybody
		b.t.Fatal(err)
	}
}

// dressed shows code, dates and groups as Slack does; local-slack's page shows
// their marks.
const dressed = `(() => {
	for (const e of document.querySelectorAll('.mrkdwn')) {
		const code = e.dataset.code === 'yes' || e.innerText.trim().startsWith('\x60\x60\x60');
		e.innerHTML = e.innerHTML.replace(/&lt;!date\^[^|]*\|([^&]*)&gt;/g, '$1').replace(/&lt;!subteam\^S0ONCALL&gt;/g, '<span class="mention">@oncall</span>');
		if (!code) { e.style.cssText = ''; continue; } // a message that was code and is none any more
		e.dataset.code = 'yes';
		e.innerHTML = e.innerHTML.replace(/\x60\x60\x60(<br>)?/g, '');
		e.style.cssText = 'display:block;white-space:pre-wrap;font:12px/1.45 monospace;border:1px solid #ddd;border-radius:4px;background:#f8f8f8;padding:8px';
		for (let p = e; p && !p.classList.contains('messages'); p = p.parentElement) p.style.maxWidth = 'none';
	}
	document.querySelector('.messages').scrollTo(0, 1e9);
	return true;
})()`

// TestAPersonBeforeThePage types, reads, is refused, approves a deploy that
// really happens, and leaves pictures.
func TestAPersonBeforeThePage(t *testing.T) {
	f, behind := simulated(t)
	w := newWorld(t, behind)
	b := newBrowser(t, w.Page)
	on(t, f, "cn", "docker", "restart", "vernemq-release-cn-1")
	b.as(slackworld.Viewer)
	b.types("/vmq status")
	b.sees("release: cn-1 is bad")
	b.keeps("status")

	b.types("/vmq deploy eu")
	b.sees("deploy needs the role operator")
	b.keeps("refusal")

	if _, err := w.terminal("reattach cn"); err != nil { // or deploy would refuse: cn does not serve
		t.Fatal(err)
	}
	for done := false; !done; { // on a busy machine what cannot be seen is not touched, and asked for again
		blind := w.Count("not everything could be seen")
		b.as(slackworld.OnCall)
		b.types("/vmq deploy eu --soak 5")
		card, ok := w.card("deploy eu --soak 5", func() bool { return w.Count("not everything could be seen") > blind })
		if !ok {
			continue
		}
		b.sees("asks for this")
		b.keeps("card")
		b.as(slackworld.Second)
		b.presses("Approve")
		end := w.ended(card)
		if done = strings.Contains(end.All(), "*done*"); !done && !strings.Contains(end.All(), "not everything could be seen") {
			t.Fatal(end.All())
		}
	}
	b.sees("done after")
	b.keeps("done")
}

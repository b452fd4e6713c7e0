// Package person is somebody before local-slack's page, in Chromium: the tests of
// the bot and of the demo look through it.
package person

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Browser is a person before the page.
type Browser struct {
	t    *testing.T
	ctx  context.Context
	kept string
}

// New opens a page and returns when it can be typed into. Pictures are kept in the
// folder, or nowhere when it is "".
func New(t *testing.T, page, folder string) *Browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.WindowSize(1280, 1000), chromedp.ExecPath("/usr/bin/chromium"))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 12*time.Minute)
	t.Cleanup(stop)
	b := &Browser{t: t, ctx: ctx, kept: t.TempDir()}
	if folder != "" {
		b.kept = folder
	}
	b.Do(chromedp.Navigate(page))
	b.Do(chromedp.WaitVisible(chromedp.CSS("textarea.composer-input")))
	return b
}

// Do does what has no answer.
func (b *Browser) Do(a chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, a); err != nil {
		b.t.Fatal(err)
	}
}

// Runs a script that says whether it could do it.
func (b *Browser) Runs(script string) {
	b.t.Helper()
	if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script)); err != nil || !ok {
		b.t.Fatalf("%v: %s", err, script)
	}
}

// As chooses who sits there.
func (b *Browser) As(user string) {
	b.t.Helper()
	b.Runs(fmt.Sprintf(`(() => {
		const s = document.querySelector('.actas select');
		Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(s, %q);
		return s.dispatchEvent(new Event('change', {bubbles: true}));
	})()`, user))
}

// Types types a line into the channel.
func (b *Browser) Types(text string) {
	b.t.Helper()
	b.Do(chromedp.SendKeys(chromedp.CSS("textarea.composer-input"), text+"\r"))
}

// Sees waits until the page shows a text.
func (b *Browser) Sees(text string) {
	b.t.Helper()
	b.Waits(fmt.Sprintf(`document.querySelector('.messages').innerText.includes(%q)`, text))
}

// Waits until something is so on the page.
func (b *Browser) Waits(script string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](script, chromedp.WithPollingInterval(200*time.Millisecond), chromedp.WithPollingTimeout(4*time.Minute))); err != nil {
		shown, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.querySelector('.messages').innerText`))
		b.t.Fatalf("%s: %v\n%s", script, err, shown)
	}
}

// Presses waits for a button of that name and presses the last one.
func (b *Browser) Presses(name string) {
	b.t.Helper()
	b.Waits(fmt.Sprintf(`[...document.querySelectorAll('.messages button')].some(e => e.innerText.trim() === %q)`, name))
	b.Runs(fmt.Sprintf(`(() => {
		const all = [...document.querySelectorAll('.messages button')].filter(e => e.innerText.trim() === %q);
		if (all.length) all.at(-1).click();
		return all.length > 0;
	})()`, name))
}

// Keeps a picture, which shows something.
func (b *Browser) Keeps(name string) {
	b.t.Helper()
	b.Runs(dressed)
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

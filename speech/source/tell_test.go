package source

import (
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/ops"
	"vmqbot/speech"
)

// TestWhatTheWatchIsTold: the actions of silences, windows and schedules, as plans
// and histories hold them. Names, ids, times and people's reasons stay as they are.
func TestWhatTheWatchIsTold(t *testing.T) {
	zh := speech.In("zh")
	for want, w := range map[string]alerts.Wish{
		"静默 cn，持续 1h0m0s: 'moving the host'": {Want: alerts.Silence, Region: "cn", For: time.Hour, Reason: "moving the host"},
		"静默 cn-1 的 clock，持续 8h0m0s: '更换磁盘'":  {Want: alerts.Silence, Node: "cn-1", Check: "clock", For: 8 * time.Hour, Reason: "更换磁盘"},
		"静默全部，持续 1h0m0s":                     {Want: alerts.Silence, For: time.Hour},
		"维护 eu，持续 2h0m0s: 'new disks'":       {Want: alerts.Maintenance, Region: "eu", For: 2 * time.Hour, Reason: "new disks"},
		"维护 eu，每次持续 2h0m0s，时间 0 2 * * 6":     {Want: alerts.Maintenance, Region: "eu", For: 2 * time.Hour, Every: "0 2 * * 6"},
		"定时执行 restart sg，时间 0 4 * * 1":       {Want: alerts.Schedule, Line: "restart sg", Every: "0 4 * * 1"},
		"取消定时 4f2a91":                        {Want: alerts.Unschedule, Of: "4f2a91"},
		"关闭自动修复：全部":                          {Want: alerts.AutohealOff},
		"开启自动修复：全部":                          {Want: alerts.AutohealOn},
		"autoheal off cn":                    {Want: alerts.AutohealOff, Region: "cn"},
		"ack ip/cn/cn-1#3":                   {Want: alerts.Ack, Of: "ip/cn/cn-1#3"},
		"unsilence 4f2a91":                   {Want: alerts.Unsilence, Of: "4f2a91"},
	} {
		english := ops.Tell{Wish: w}.String()
		if got := zh.Text("    " + english); got != "    "+want {
			t.Errorf("%q is said %q, want %q", english, got, want)
		}
	}
}

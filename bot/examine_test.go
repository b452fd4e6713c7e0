package bot_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"vmqbot/bot"
	"vmqbot/bot/slackworld"
	"vmqbot/checks"
	"vmqbot/regions"
	"vmqbot/secret"
)

// examined is what the doctor finds in a Slack of the tests.
func examined(t *testing.T, s *slackworld.World, change func(*regions.Fleet, *bot.Options)) string {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	f.Slack = regions.Slack{Channel: slackworld.Channel, Team: slackworld.Team}
	f.Roles = map[string][]string{"operator": {"S0ONCALL"}, "admin": {slackworld.Admin}}
	f.Approval, f.Rights, f.OnCall = nil, nil, nil
	o := bot.Options{
		API: s.URL, BotToken: secret.New(slackworld.BotToken), AppToken: secret.New(slackworld.AppToken), Channel: slackworld.Channel,
		Logger: slog.New(slog.DiscardHandler), Redactor: func() *secret.Redactor { return f.Redactor() },
	}
	if change != nil {
		change(f, &o)
	}
	var b strings.Builder
	for _, x := range bot.Examine(t.Context(), o, f) {
		b.WriteString(map[checks.Verdict]string{checks.OK: "fine", checks.Bad: "WRONG", checks.Unknown: "UNSEEN"}[x.Verdict] + " " + x.About + ": " + x.Says + " | " + x.Fix + "\n")
	}
	return b.String()
}

// TestExamine: a Slack that serves the bot is fine in every line, and names people;
// each thing that is wrong has its sentence, and what to do about it.
func TestExamine(t *testing.T) {
	t.Parallel()
	s := slackworld.New(t)
	s.Proxy.Scopes(scopesOf(t)...)
	well := examined(t, s, nil)
	for _, line := range []string{
		"fine token: it is ", "fine app token: Socket Mode takes it", "fine scopes: those of the manifest", "fine clock: ",
		"fine channel C0123: the bot is a member of #fleet", "fine S0ONCALL in role operator: a group of 2", "fine U0ANA in role admin: Ana Admin @ana",
	} {
		if !strings.Contains(well, line) {
			t.Errorf("%s is missing:\n%s", line, well)
		}
	}
	if strings.Contains(well, "WRONG") || strings.Contains(well, "UNSEEN") {
		t.Errorf("a Slack that is right:\n%s", well)
	}
	for want, change := range map[string]func(*regions.Fleet, *bot.Options){
		"WRONG token: it is of workspace Test (T01), and the fleet file names T02 | write slack.team: T01": func(f *regions.Fleet, _ *bot.Options) { f.Slack.Team = "T02" },
		"WRONG app token: neither it nor a signing secret":                                                 func(_ *regions.Fleet, o *bot.Options) { o.AppToken = secret.Text{} },
		"fine app token: none: signed requests":                                                            func(_ *regions.Fleet, o *bot.Options) { o.AppToken, o.SigningSecret = secret.Text{}, secret.New("x") },
		"WRONG channel C0EXT: #partners is shared with another organization":                               func(f *regions.Fleet, _ *bot.Options) { f.Slack.Alerts = map[string]string{"cn": slackworld.Shared} },
		"WRONG channel C0NONE: it: Slack says channel_not_found":                                           func(f *regions.Fleet, _ *bot.Options) { f.Slack.Alerts = map[string]string{"cn": "C0NONE"} },
		"WRONG U0DEL in approvers of deploy: A Deleted @del: the account is closed":                        approvedBy(slackworld.Deleted),
		"WRONG U0GST in approvers of deploy: A Guest @gst: it is a guest":                                  approvedBy(slackworld.Guest),
		"WRONG U0MCH in approvers of deploy: A Machine @mch: it is a bot":                                  approvedBy(slackworld.Machine),
		"WRONG U0OTH in approvers of deploy: Of another team @oth: it is somebody of another organization": approvedBy(slackworld.OtherTeam),
		"WRONG U0NONE in approvers of deploy: who it is: Slack says user_not_found":                        approvedBy("U0NONE"),
		"WRONG S0NONE in on call for all: who is in the group: Slack says no_such_subteam":                 func(f *regions.Fleet, _ *bot.Options) { f.OnCall = map[string]regions.OnCall{"all": {Group: "S0NONE"}} },
	} {
		if got := examined(t, s, change); !strings.Contains(got, want) {
			t.Errorf("want %s, got\n%s", want, got)
		}
	}
}

func approvedBy(id string) func(*regions.Fleet, *bot.Options) {
	return func(f *regions.Fleet, _ *bot.Options) {
		f.Approval = map[string]regions.Approval{"deploy": {Approvers: []string{id}, Count: 1}}
	}
}

// TestExamineWhatDoesNotAnswer: a token that Slack refuses ends the questions, a scope
// that is missing is named, and what is not answered is unseen and not wrong.
func TestExamineWhatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := slackworld.New(t)
	s.Proxy.Scopes(slices.DeleteFunc(scopesOf(t), func(x string) bool { return x == "files:write" })...)
	s.Proxy.Group("S0ONCALL")
	if got := examined(t, s, nil); !strings.Contains(got, "WRONG scopes: the app lacks files:write | paste what bot manifest prints") || !strings.Contains(got, "WRONG S0ONCALL in role operator: nobody is in the group") {
		t.Error(got)
	}
	s.Proxy.Fail(func(method string, _ int) slackworld.Fault {
		return slackworld.Fault{Status: map[bool]int{true: 500}[method == "users.info"]}
	})
	if got := examined(t, s, nil); !strings.Contains(got, "UNSEEN U0ANA in role admin: who it is could not be looked up") {
		t.Error(got)
	}
	s.Proxy.Fail(func(method string, _ int) slackworld.Fault {
		return slackworld.Fault{Refused: map[bool]string{true: "invalid_auth"}[method == "auth.test"]}
	})
	if got := examined(t, s, nil); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "WRONG token: whose token it is: Slack says invalid_auth | put the Bot User OAuth Token") {
		t.Error(got)
	}
}

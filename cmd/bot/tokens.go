package main

import (
	"os"
	"strings"

	"vmqbot/bot"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// slackOptions reads the tokens, which stand in the environment or in files
// that it names, and never in the fleet file.
func (p *process) slackOptions(fleet *regions.Fleet) (bot.Options, error) {
	o := bot.Options{API: p.getenv("SLACK_API_URL"), Channel: fleet.Slack.Channel}
	for _, t := range []struct {
		name, begins, other string
		into                *secret.Text
	}{{"SLACK_BOT_TOKEN", "xoxb-", "xapp-", &o.BotToken}, {"SLACK_APP_TOKEN", "xapp-", "xoxb-", &o.AppToken}, {"SLACK_SIGNING_SECRET", "", "", &o.SigningSecret}} {
		v := p.getenv(t.name)
		if file := p.getenv(t.name + "_FILE"); v == "" && file != "" {
			b, err := os.ReadFile(file) //nolint:gosec // the environment names the file
			if err != nil {
				return o, ops.Errorf(ops.Invalid, "", "%s_FILE cannot be read: %v.", t.name, err)
			}
			v = strings.TrimSpace(string(b))
		}
		switch {
		case v == "" || strings.HasPrefix(v, t.begins):
		case strings.HasPrefix(v, t.other):
			return o, ops.Errorf(ops.Invalid, "", "The tokens are swapped: %s begins with %s and must begin with %s. The bot's token, xoxb-, belongs into SLACK_BOT_TOKEN, and the app's, xapp-, into SLACK_APP_TOKEN.", t.name, t.other, t.begins)
		default:
			return o, ops.Errorf(ops.Invalid, "", "%s does not begin with %s, so it is another kind of token.", t.name, t.begins)
		}
		*t.into = secret.New(v)
	}
	switch {
	case o.BotToken.IsZero():
		return o, ops.Errorf(ops.Invalid, "", "SLACK_BOT_TOKEN is not set; put the app's token, which begins with xoxb-, into it or its file's name into SLACK_BOT_TOKEN_FILE.")
	case fleet.Slack.Channel == "" || fleet.Slack.Team == "":
		return o, ops.Errorf(ops.Invalid, "", "The fleet file names no slack.channel and slack.team, so nobody would be served; write both, by their ids.")
	}
	return o, nil
}

func tokensOf(o bot.Options) []secret.Text {
	return []secret.Text{o.BotToken, o.AppToken, o.SigningSecret}
}

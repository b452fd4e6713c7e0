// Package bot says it in Slack: slash commands, mentions, buttons, live
// messages and alerts, over Socket Mode. It is an adapter: it translates what
// control publishes and holds no rule of its own. github.com/slack-go/slack
// is imported here and nowhere else.
package bot

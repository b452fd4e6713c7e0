// Package demo answers where a newcomer without a workspace gets a Slack:
// local-slack, which others wrote, with people, a channel and an app in it, and
// the fleet file's part that makes these people the team.
package demo

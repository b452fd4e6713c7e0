package bot

import (
	"context"
	"slices"
	"strings"

	"vmqbot/alerts"
	"vmqbot/regions"
)

// called are those whom a step calls.
type called struct {
	ids    []string
	unread []string // user groups in which nobody is, as far as Slack says
}

func (c *called) add(ids ...string) {
	for _, id := range ids {
		if !slices.Contains(c.ids, id) {
			c.ids = append(c.ids, id)
		}
	}
}

// people are those who can be called by a message of their own.
func (c called) people() []string {
	return slices.DeleteFunc(slices.Clone(c.ids), func(id string) bool { return !strings.HasPrefix(id, "U") && !strings.HasPrefix(id, "W") })
}

// called are those whom a step calls for an alert, by the lists of its region and,
// for a link, of the one at its other end. A user group in which nobody is, or
// which cannot be read, would be a page to no one: its whole list is called then.
func (b *Bot) called(ctx context.Context, k alerts.Key, whom alerts.Whom) (c called) {
	s, giveBack := b.desk.Borrow()
	defer giveBack()
	for _, region := range alerts.CalledIn(s.Fleet, k) {
		var groups []string
		for _, id := range calledIn(s.Fleet, region, whom) {
			if strings.HasPrefix(id, "S") && !b.peopled(ctx, id) {
				groups = append(groups, id)
				continue
			}
			c.add(id)
		}
		if len(groups) == 0 {
			continue
		}
		c.unread = append(c.unread, groups...)
		c.add(instead(s.Fleet, region, groups)...)
	}
	return c
}

// peopled asks Slack whether anybody is in a user group.
func (b *Bot) peopled(ctx context.Context, group string) bool {
	ids, err := b.dir.Members(ctx, group, true)
	if err != nil || len(ids) == 0 {
		b.log.Error("a user group is to be called and nobody can be read from it, so everybody on the list is; correct oncall in the fleet file, or the group", "group", group, "err", err)
	}
	return err == nil && len(ids) > 0
}

// instead are those who are called where groups are not there: everybody else on
// the list of a region, or whoever may repair, or the channel's name.
func instead(f *regions.Fleet, region string, groups []string) []string {
	list, _ := f.OnCallFor(region)
	for _, all := range [][]string{slices.Concat(list.People, list.Managers), f.Roles["operator"], f.Roles["admin"]} {
		all = slices.DeleteFunc(slices.Clone(all), func(id string) bool { return slices.Contains(groups, id) })
		if len(all) > 0 {
			return all
		}
	}
	return []string{inChannel(f, region)}
}

func inChannel(f *regions.Fleet, region string) string {
	return "everybody in <#" + f.Slack.AlertsOf(region) + ">:"
}

// calledIn are those of one region: who is on call there, or, while nobody is, who
// may repair. Where the fleet file names nobody at all the channel's name stands
// for everybody in it, so that a page is never said to no one.
func calledIn(f *regions.Fleet, region string, whom alerts.Whom) []string {
	list, _ := f.OnCallFor(region)
	if list.Nobody() {
		list = regions.OnCall{People: f.Roles["operator"], Managers: f.Roles["admin"]}
		if whom != alerts.Managers {
			whom = alerts.Everyone
		}
		if len(list.People) > 0 && whom == alerts.Everyone {
			return list.People
		}
	}
	if ids := alerts.Paged(list, whom); len(ids) > 0 {
		return ids
	}
	return []string{inChannel(f, region)}
}

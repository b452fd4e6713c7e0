package control

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/commands"
	"vmqbot/ops"
)

// refusal names the reason why somebody was not let in; it stands in the
// audit, in the log and in the answer.
type refusal string

const (
	unknownPerson refusal = "unknown"  // the directory did not answer, or knows nobody of this id
	deletedPerson refusal = "deleted"  // the account is closed
	machine       refusal = "bot"      // no human
	guest         refusal = "guest"    // of single channels
	stranger      refusal = "stranger" // from another organization or team
	sharedPlace   refusal = "shared"   // the channel is shared with another organization
	otherPlace    refusal = "place"    // changes belong into the fleet's channel
	noRole        refusal = "role"     // stands in no list, or the verb needs a higher role
	noRight       refusal = "right"    // the verb is for others in this region
	noPlan        refusal = "plan"     // what was seen allows no plan
)

// Enter lets a caller in, or refuses and writes that into the audit: default
// deny, ids only. It is asked before the words are even read, on every door.
// With fresh nothing is answered from memory: clicks and changes ask so.
func (s *Service) Enter(ctx context.Context, who ops.Caller, line string, fresh bool) error {
	why, err := s.admit(ctx, who, fresh)
	if err == nil {
		return nil
	}
	return s.refuse(ctx, who, line, why, err)
}

func (s *Service) admit(ctx context.Context, who ops.Caller, fresh bool) (refusal, error) {
	no := func(why refusal, format string, args ...any) (refusal, error) {
		return why, ops.Errorf(ops.Refused, "", format, args...)
	}
	team := s.Fleet.Slack.Team
	if s.Directory == nil || who.User == "" || who.Door == "" {
		return no(unknownPerson, "Who you are is not known here, so nothing was done.")
	}
	if team != "" && who.Team != team {
		return no(stranger, "This bot serves its own team only, so nothing was done.")
	}
	p, err := s.Directory.Person(ctx, who.User, fresh)
	switch {
	case err != nil:
		return no(unknownPerson, "Who you are could not be looked up just now, so nothing was done; try again in a minute.")
	case p.Deleted:
		return no(deletedPerson, "This account is closed, so nothing was done.")
	case p.Bot:
		return no(machine, "Only people are answered here.")
	case p.Guest:
		return no(guest, "Guests are not served here, so nothing was done; ask a full member of the team.")
	case p.Stranger, team != "" && p.Team != "" && p.Team != team:
		return no(stranger, "This bot serves its own team only, so nothing was done.")
	}
	if who.Place == "" {
		return "", nil
	}
	place, err := s.Directory.Place(ctx, who.Place, fresh)
	switch {
	case err != nil:
		return no(sharedPlace, "Whether this channel is shared with others could not be looked up, so nothing was done; invite me into it or try again in a minute.")
	case place.Shared:
		return no(sharedPlace, "This channel is shared with another organization, so nothing is said or done here.")
	}
	return "", nil
}

// Role is the highest role in whose list the caller stands, by their own id or
// by a group's. A group that cannot be read has no members.
func (s *Service) Role(ctx context.Context, who ops.Caller, fresh bool) ops.Role {
	for _, role := range []ops.Role{ops.Admin, ops.Operator, ops.Viewer} {
		if s.stands(ctx, who.User, s.Fleet.Roles[role.String()], fresh) {
			return role
		}
	}
	return ops.Nobody
}

// stands reports whether a user is in a list of users and groups. Empty means
// nobody.
func (s *Service) stands(ctx context.Context, user string, list []string, fresh bool) bool {
	if user == "" {
		return false
	}
	if slices.Contains(list, user) {
		return true
	}
	for _, id := range list {
		if !strings.HasPrefix(id, "S") {
			continue
		}
		members, err := s.Directory.Members(ctx, id, fresh)
		if err == nil && slices.Contains(members, user) {
			return true
		}
	}
	return false
}

// allow decides whether a caller may do a verb on what they named.
func (s *Service) allow(ctx context.Context, who ops.Caller, c *commands.Command, r ops.Request) error {
	fresh := c.Changes()
	role := s.Role(ctx, who, fresh)
	for _, c := range s.both(c, r) {
		if why, err := s.may(ctx, who, c, role, r.Regions(), fresh); err != nil {
			return s.refuse(ctx, who, r.Line, why, err)
		}
	}
	if here := s.Fleet.Slack.Channel; c.Changes() && c.Name != "cancel" && here != "" && !s.Fleet.Slack.Takes(who.Place, r.Regions()) {
		return s.refuse(ctx, who, r.Line, otherPlace, ops.Errorf(ops.Refused, "", "%s changes something, and changes are asked for where everybody sees them: in %s.", c.Name, here))
	}
	return nil
}

// both are the verb and, where it brings another one about later, that one too.
func (s *Service) both(c *commands.Command, r ops.Request) []*commands.Command {
	if c.Carries == nil {
		return []*commands.Command{c}
	}
	carried, _, err := c.Carries(r, s.Fleet)
	if err != nil { // it was parsed a moment ago
		return []*commands.Command{c}
	}
	return []*commands.Command{c, carried}
}

// may is the rule itself: the verb's role, and in each region the list of
// those who alone may, where the fleet file has one.
func (s *Service) may(ctx context.Context, who ops.Caller, c *commands.Command, role ops.Role, at []string, fresh bool) (refusal, error) {
	if role == ops.Nobody {
		return noRole, ops.Errorf(ops.Refused, "", "You have no role here; ask %s.", s.whom(ops.Admin))
	}
	if role < c.Role {
		return noRole, ops.Errorf(ops.Refused, "help", "%s needs the role %s, and yours is %s; ask %s.", c.Name, c.Role, role, s.whom(c.Role))
	}
	if len(at) == 0 {
		at = []string{""}
	}
	for _, region := range at {
		only, limited := s.Fleet.Rights.Only(c.Name, region)
		if limited && !s.stands(ctx, who.User, only, fresh) {
			return noRight, ops.Errorf(ops.Refused, "help", "%s in %s is for %s only.", c.Name, cmpOr(region, "this fleet"), list(only))
		}
	}
	return "", nil
}

// mayAnywhere tells help whether a verb is the caller's in any region, and
// here.
func (s *Service) mayAnywhere(ctx context.Context, who ops.Caller) func(verb string) error {
	role := s.Role(ctx, who, false)
	return func(verb string) error {
		c, ok := commands.Find(verb)
		if !ok {
			return nil
		}
		if here := s.Fleet.Slack.Channel; c.Changes() && c.Name != "cancel" && here != "" && !s.Fleet.Slack.Known(who.Place) && role >= c.Role {
			return ops.Errorf(ops.Refused, "", "only in %s", here)
		}
		var last error
		for _, r := range s.Fleet.Regions {
			if _, err := s.may(ctx, who, c, role, []string{r.Name}, false); err == nil {
				return nil
			} else { //nolint:revive // the last reason is the answer
				last = err
			}
		}
		return last
	}
}

// May refuses who may do a verb nowhere in this fleet: the form of a verb is not
// shown to them. Where it was asked decides nothing here.
func (s *Service) May(ctx context.Context, who ops.Caller, verb string) error {
	at := who
	at.Place = s.Fleet.Slack.Channel
	err := s.mayAnywhere(ctx, at)(verb)
	if err == nil {
		return nil
	}
	return s.refuse(ctx, who, verb, noRole, err)
}

// whom names those who have a role, for whoever lacks it.
func (s *Service) whom(role ops.Role) string {
	for ; role <= ops.Admin; role++ {
		if ids := s.Fleet.Roles[role.String()]; len(ids) > 0 {
			return list(ids)
		}
	}
	return "whoever keeps the fleet file"
}

func list(ids []string) string {
	if len(ids) == 0 {
		return "nobody"
	}
	return strings.Join(ids, ", ")
}

func cmpOr(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// refuse writes a refusal into the audit and returns what the person is told.
func (s *Service) refuse(ctx context.Context, who ops.Caller, line string, why refusal, told error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	e := ops.AuditEvent{At: s.Clock.Now(), Actor: who.Actor(), Type: "refused", Detail: s.Redactor.Text(cut(s.Redactor.Text(line), 500) + "\n" + string(why) + ": " + told.Error() + "\n" + where(who))}
	if err := s.Audit.Append(ctx, e); err != nil {
		return fmt.Errorf("writing a refusal to the audit: %w", err)
	}
	return told
}

// where is the place of a caller for the audit.
func where(who ops.Caller) string { return "in " + who.Team + "/" + who.Place }

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}

// First reports whether a key is named for the first time in this hour, in any
// process on this store: what was begun is not begun again.
func (s *Service) First(ctx context.Context, key string) (bool, error) {
	return s.Keys.Claim(ctx, key, time.Hour)
}

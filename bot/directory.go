package bot

import (
	"context"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/ops"
)

// How long an answer of the directory serves where nothing changes: users.info and
// conversations.info are limited for the whole team (tier 4 and 3, some 100 and 50 a
// minute), and a channel that became shared must not be answered for long.
const (
	rememberPeople = 15 * time.Second
	rememberPlaces = 5 * time.Second
	rememberGroups = time.Minute
)

// directory asks Slack who somebody is. Whatever is not answered is unknown,
// and unknown is not allowed.
type directory struct {
	api    *api
	people shelf[ops.Person]
	places shelf[ops.Place]
	groups shelf[[]string]
}

var _ ops.Directory = (*directory)(nil)

func newDirectory(a *api) *directory {
	return &directory{api: a, people: shelf[ops.Person]{life: rememberPeople}, places: shelf[ops.Place]{life: rememberPlaces}, groups: shelf[[]string]{life: rememberGroups}}
}

// Person asks users.info.
func (d *directory) Person(ctx context.Context, id string, fresh bool) (ops.Person, error) {
	return d.people.get(ctx, id, fresh, func(ctx context.Context) (p ops.Person, err error) {
		var u *slack.User
		err = d.api.persist(ctx, "users.info", true, func(ctx context.Context) (err error) {
			u, err = d.api.slack.GetUserInfoContext(ctx, id)
			return err
		})
		if err != nil {
			return p, err
		}
		return ops.Person{
			ID: u.ID, Team: u.TeamID, Deleted: u.Deleted,
			Bot:   u.IsBot || u.IsWorkflowBot || u.IsConnectorBot || u.ID == "USLACKBOT" || u.ID == d.api.self,
			Guest: u.IsRestricted || u.IsUltraRestricted, Stranger: u.IsStranger,
		}, nil
	})
}

// Place asks conversations.info.
func (d *directory) Place(ctx context.Context, id string, fresh bool) (ops.Place, error) {
	return d.places.get(ctx, id, fresh, func(ctx context.Context) (p ops.Place, err error) {
		var c *slack.Channel
		err = d.api.persist(ctx, "conversations.info", true, func(ctx context.Context) (err error) {
			c, err = d.api.slack.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
			return err
		})
		if err != nil {
			return p, err
		}
		return ops.Place{ID: c.ID, Shared: c.IsExtShared || c.IsPendingExtShared, Direct: c.IsIM}, nil
	})
}

// Members asks usergroups.users.list.
func (d *directory) Members(ctx context.Context, group string, fresh bool) ([]string, error) {
	return d.groups.get(ctx, group, fresh, func(ctx context.Context) (ids []string, err error) {
		err = d.api.persist(ctx, "usergroups.users.list", true, func(ctx context.Context) (err error) {
			ids, err = d.api.slack.GetUserGroupMembersContext(ctx, group)
			return err
		})
		return ids, err
	})
}

// shelf keeps answers for a while. Several who ask the same at once wait for
// one answer.
type shelf[T any] struct {
	life time.Duration // how long an answer serves

	mu  sync.Mutex
	all map[string]*kept[T]
}

type kept[T any] struct {
	mu    sync.Mutex
	value T
	at    time.Time
}

func (s *shelf[T]) get(ctx context.Context, id string, fresh bool, ask func(context.Context) (T, error)) (T, error) {
	s.mu.Lock()
	if s.all == nil || len(s.all) > 10_000 { // ids come from outside: forget rather than grow
		s.all = map[string]*kept[T]{}
	}
	k := s.all[id]
	if k == nil {
		k = &kept[T]{}
		s.all[id] = k
	}
	s.mu.Unlock()
	asked := time.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	since := asked.Add(-s.life)
	if fresh {
		since = asked // an answer that came while we waited for our turn is fresh enough
	}
	if k.at.After(since) {
		return k.value, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	began := time.Now()
	v, err := ask(ctx)
	if err != nil {
		var none T
		return none, err
	}
	k.value, k.at = v, began
	return v, nil
}

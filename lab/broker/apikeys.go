package broker

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"vmqbot/lab/broker/clique"
)

const keyPrefix = "key/"

func (n *Node) keyCommands() []clique.Command {
	return []clique.Command{
		{Path: "api-key create", AnyFlag: true, Run: n.keyCreate},
		{Path: "api-key show", AnyFlag: true, Run: n.keyShow},
		{Path: "api-key delete", Keys: []string{"key"}, Run: n.keyDelete},
	}
}

func (n *Node) keyCreate(context.Context, clique.Args) clique.Result {
	key := rand.Text() + strings.ToLower(rand.Text()[:6])
	n.running().set(keyPrefix+key, true)
	return clique.Say(key)
}

func (n *Node) keyShow(context.Context, clique.Args) clique.Result {
	t := clique.Table{Header: []string{"Key"}}
	for _, e := range n.running().meta.living(keyPrefix) {
		t.Rows = append(t.Rows, []any{strings.TrimPrefix(e.Key, keyPrefix)})
	}
	return clique.Result{Parts: []clique.Part{t}}
}

func (n *Node) keyDelete(_ context.Context, args clique.Args) clique.Result {
	if key, ok := args.Key("key"); ok {
		n.running().set(keyPrefix+key, nil)
	}
	return clique.Say("Done")
}

// webAPI is vmq-admin as REST: the path is the command, the query its
// arguments. It wants an API key, as the user of basic authentication or in
// the header x-api-key.
func (n *Node) webAPI(w http.ResponseWriter, r *http.Request) {
	a := n.running()
	key, _, _ := r.BasicAuth()
	if h := r.Header.Get("x-api-key"); h != "" {
		key = h
	}
	var valid bool
	if a == nil || key == "" || !a.meta.get(keyPrefix+key, &valid) || !valid {
		w.Header()["www-authenticate"] = []string{`Authorization realm="VerneMQ"`}
		reply(w, http.StatusUnauthorized, "", "")
		return
	}
	argv := strings.Split(strings.Trim(strings.TrimPrefix(r.URL.Path, "/api/v1/"), "/"), "/")
	for part := range strings.SplitSeq(r.URL.RawQuery, "&") {
		if word, err := url.QueryUnescape(part); err == nil && word != "" {
			argv = append(argv, strings.TrimSuffix(word, "="))
		}
	}
	if _, _, ok := n.tree.Find(argv); !ok || slices.Contains(argv, "--help") {
		reply(w, http.StatusBadRequest, "", "")
		return
	}
	out := n.Admin(r.Context(), append(argv, "--format=json"))
	if out.Exit != 0 {
		reply(w, http.StatusBadRequest, "", "")
		return
	}
	reply(w, http.StatusOK, "application/json", out.Stdout)
}

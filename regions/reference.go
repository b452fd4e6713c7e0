package regions

import (
	"regexp"
	"strings"

	"vmqbot/secret"
)

// A reference names a secret without holding it: ${env:NAME} is an
// environment variable, ${file:PATH} the content of a file.
var (
	reference = regexp.MustCompile(`\$\{(env|file):([^{}]+)\}`)
	isEnvName = pattern(`[A-Za-z_][A-Za-z0-9_]*`)
)

const referenceFix = "Write ${env:NAME} or ${file:PATH}."

// resolved replaces every reference of a value. What held one is hidden from
// then on; messages name the reference and never what it stands for.
func (r *reader) resolved(v value) (w secret.Word, ok bool) {
	s, ok := v.text()
	if !ok {
		r.refuse(v, "Write one value, as typed into vernemq.conf.", "%s is not one value.", v.name)
		return w, false
	}
	if rest := reference.ReplaceAllString(s, ""); strings.Contains(rest, "${") {
		r.refuse(v, referenceFix, "%s holds a reference that is not complete or of an unknown kind.", v.name)
		return w, false
	}
	if !reference.MatchString(s) {
		return secret.Plain(s), true
	}
	full := reference.ReplaceAllStringFunc(s, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		word, good := r.lookUp(v, ref, m[1], m[2])
		ok = ok && good
		return word
	})
	return secret.Hidden(full), ok
}

// lookUp asks the caller of Load for one reference.
func (r *reader) lookUp(v value, ref, kind, name string) (string, bool) {
	if kind == "env" && !isEnvName(name) || kind == "file" && !isLocalPath(name) {
		r.refuse(v, referenceFix, "%s: %s is not a reference.", v.name, shown(ref))
		return "", false
	}
	if r.resolve == nil {
		r.refuse(v, "Load the file where references can be resolved.", "%s: %s cannot be resolved here.", v.name, shown(ref))
		return "", false
	}
	s, err := r.resolve(kind, name)
	if err != nil {
		r.refuse(v, wayOut(kind, name), "%s: %s cannot be resolved: %v.", v.name, shown(ref), err)
		return "", false
	}
	// Editors end a file with a newline that is no part of the secret.
	s = strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r")
	if s == "" {
		r.refuse(v, wayOut(kind, name), "%s: %s is empty.", v.name, shown(ref))
		return "", false
	}
	return s, true
}

func wayOut(kind, name string) string {
	if kind == "env" {
		return "Set the environment variable " + name + "."
	}
	return "Write the secret into " + shown(name) + " on this machine."
}

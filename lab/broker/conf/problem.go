package conf

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

const phase = "Error generating configuration in phase transform_datatypes"

// unknown reports the first key that the schema does not have, with the
// settings that look most like it.
func (c *Schema) unknown(keys []string) *Problem {
	for _, k := range keys {
		if _, ok := c.find(k); ok {
			continue
		}
		lines := []string{fmt.Sprintf("You've tried to set %s, but there is no setting with that name.", k), "Did you mean one of these?"}
		lines = append(lines, similar(c.list, k, 3)...)
		return &Problem{Lines: append(lines, phase, "Conf file attempted to set unknown variable: "+k)}
	}
	return nil
}

// mistyped reports the first value that does not fit its datatype.
func (c *Schema) mistyped(keys []string, set map[string]string) *Problem {
	for _, k := range keys {
		s, _ := c.find(k)
		if why := Mismatch(s.datatype, set[k]); why != "" {
			return &Problem{Lines: []string{phase, "Error transforming datatype for: " + k, why}}
		}
	}
	return nil
}

// Mismatch says in cuttlefish's words why a value is not of a datatype, or "".
// Port numbers are not checked: the real one takes 99999 too.
func Mismatch(datatype, value string) string {
	switch {
	case datatype == "flag":
		if value != "on" && value != "off" {
			return fmt.Sprintf("%q is not a valid enum value, acceptable values are: on, off", value)
		}
	case datatype == "integer":
		if _, err := strconv.Atoi(value); err != nil {
			return fmt.Sprintf("%q cannot be converted to a(n) integer", value)
		}
	case strings.HasPrefix(datatype, "enum("):
		words := strings.Split(strings.TrimSuffix(strings.TrimPrefix(datatype, "enum("), ")"), ",")
		for _, w := range words {
			if w == value {
				return ""
			}
		}
		return fmt.Sprintf("%q is not a valid enum value, acceptable values are: %s", value, strings.Join(words, ", "))
	case datatype == "address":
		host, port, ok := cutLast(value, ":")
		_, errIP := netip.ParseAddr(host)
		_, errPort := strconv.Atoi(port)
		if !ok || errIP != nil && host != "localhost" || errPort != nil {
			return fmt.Sprintf("%q cannot be converted to an IP", value)
		}
	}
	return ""
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

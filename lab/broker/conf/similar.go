package conf

import "vmqbot/spelling"

// similar returns the n settings with the smallest edit distance to key.
func similar(list []setting, key string, n int) []string {
	keys := make([]string, len(list))
	for i, s := range list {
		keys[i] = s.key
	}
	return spelling.Closest(key, keys, n)
}

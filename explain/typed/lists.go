package typed

import (
	"strings"
	"unicode"
)

// shellLists cuts a script into its simple commands, each as words: quotes
// and backslashes are taken off, comments dropped, and ; & | and newlines end
// a command. Expansions stay as typed. It reports false for a quote that
// never ends.
func shellLists(script string) ([][]string, bool) {
	var l lexer
	for _, r := range script {
		l.take(r)
	}
	l.endCommand()
	return l.lists, l.quote == 0 && !l.escaped
}

type lexer struct {
	lists   [][]string
	words   []string
	word    strings.Builder
	open    bool // a word has begun, perhaps an empty quoted one
	quote   rune
	escaped bool
	comment bool
}

func (l *lexer) take(r rune) {
	switch {
	case l.comment:
		if l.comment = r != '\n'; !l.comment {
			l.endCommand()
		}
	case l.escaped:
		l.escape(r)
	case r == '\\' && l.quote != '\'':
		l.escaped = true
	case l.quote != 0 && r == l.quote:
		l.quote = 0
	case l.quote != 0:
		l.word.WriteRune(r)
	case r == '\'' || r == '"':
		l.quote, l.open = r, true
	case r == '\n' || r == ';' || r == '|':
		l.endCommand()
	case r == '&' && strings.HasSuffix(l.word.String(), ">"): // 2>&1
		l.word.WriteRune(r)
	case r == '&':
		l.endCommand()
	case unicode.IsSpace(r):
		l.endWord()
	case r == '#' && !l.open && len(l.words) > 0: // as the first word it is a prompt
		l.comment = true
	default:
		l.word.WriteRune(r)
		l.open = true
	}
}

func (l *lexer) escape(r rune) {
	l.escaped = false
	switch {
	case r == '\n': // the line goes on
		return
	case l.quote == '"' && !strings.ContainsRune("\"\\$`", r):
		l.word.WriteByte('\\')
	}
	l.open = true
	l.word.WriteRune(r)
}

func (l *lexer) endWord() {
	if l.open {
		l.words = append(l.words, l.word.String())
	}
	l.word.Reset()
	l.open = false
}

func (l *lexer) endCommand() {
	l.endWord()
	if len(l.words) > 0 {
		l.lists = append(l.lists, l.words)
	}
	l.words = nil
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// text is a string from a file. Its JSON keeps bytes that are not UTF-8: byte b becomes the lone surrogate
// U+DC00+b, as in the project's own decoder, so that both sides compare exactly.
type text string

// MarshalJSON writes valid runes as JSON does and every other byte as \udcXX.
func (t text) MarshalJSON() ([]byte, error) {
	s := string(t)
	if utf8.ValidString(s) {
		return plainJSON(s)
	}
	var out bytes.Buffer
	out.WriteByte('"')
	for len(s) > 0 {
		n := validPrefix(s)
		part, err := plainJSON(s[:n])
		if err != nil {
			return nil, err
		}
		out.Write(part[1 : len(part)-1])
		s = s[n:]
		if len(s) > 0 {
			fmt.Fprintf(&out, `\udc%02x`, s[0])
			s = s[1:]
		}
	}
	out.WriteByte('"')
	return out.Bytes(), nil
}

func validPrefix(s string) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}

// plainJSON encodes without escaping <, > and &.
func plainJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

func texts(in []string) []text {
	out := make([]text, len(in))
	for i, s := range in {
		out[i] = text(s)
	}
	return out
}

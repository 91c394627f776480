package main

import (
	"database/sql"
	"errors"
	"strings"

	_ "github.com/mattn/go-sqlite3"
)

// Bookmark is an address with the words that it is found by.
type Bookmark struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

var errKnown = errors.New("known already")

// store keeps bookmarks in an SQLite file with a full-text index.
type store struct{ db *sql.DB }

// openStore opens the file, or makes it; ":memory:" is one that nobody else sees.
func openStore(path string) (*store, error) {
	db, err := sql.Open("sqlite3", path+"?_busy_timeout=2000")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`
		CREATE TABLE IF NOT EXISTS bookmark (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, title TEXT NOT NULL);
		CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (title, content='bookmark', content_rowid='id')`)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &store{db}, nil
}

func (s *store) add(bookmark Bookmark) error {
	transaction, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer transaction.Rollback()
	added, err := transaction.Exec(`INSERT INTO bookmark (url, title) VALUES (?, ?) ON CONFLICT DO NOTHING`, bookmark.URL, bookmark.Title)
	if err != nil {
		return err
	}
	if rows, err := added.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(err, errKnown)
	}
	id, err := added.LastInsertId()
	if err != nil {
		return err
	}
	if _, err := transaction.Exec(`INSERT INTO words (rowid, title) VALUES (?, ?)`, id, bookmark.Title); err != nil {
		return err
	}
	return transaction.Commit()
}

// find gives the bookmarks that have all the words in their title, the best first, at most a hundred.
func (s *store) find(words string) ([]Bookmark, error) {
	quoted := []string{}
	for _, word := range strings.Fields(words) {
		quoted = append(quoted, `"`+strings.ReplaceAll(word, `"`, `""`)+`"`)
	}
	found := []Bookmark{}
	if len(quoted) == 0 {
		return found, nil
	}
	rows, err := s.db.Query(`SELECT url, bookmark.title FROM words JOIN bookmark ON bookmark.id = words.rowid WHERE words MATCH ? ORDER BY rank LIMIT 100`, strings.Join(quoted, " "))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var bookmark Bookmark
		if err := rows.Scan(&bookmark.URL, &bookmark.Title); err != nil {
			return nil, err
		}
		found = append(found, bookmark)
	}
	return found, rows.Err()
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Command vulndb tells whether a vulnerability database can be reached, so that a check
// that needs it is skipped where it cannot be, and fails for every other reason. It says
// why on standard error and exits with 1 when it cannot.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// limit is how long a database may take: who has no network must not wait for it.
const limit = 5 * time.Second

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: vulndb URL")
		os.Exit(2)
	}
	if err := reach(strings.TrimSuffix(os.Args[1], "/")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// reach asks for the index that govulncheck begins with.
func reach(database string) error {
	if folder, isFolder := strings.CutPrefix(database, "file://"); isFolder {
		_, err := os.Stat(filepath.FromSlash(folder))
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, database+"/index/modules.json.gz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return errors.New(database + " answered " + response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

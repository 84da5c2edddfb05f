// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Command permissiondocs writes the section "Required permissions" of every page of
// the documentation, in the place of a comment that the templates leave for it.
//
// Nobody keeps those sections by hand: a type tells the API operations it makes, and
// the algebra of its platform tells what permissions an operation needs.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/dataiam/terraform-provider-iam/internal/provider"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// placeholder is what the templates of the pages have where the section belongs.
const placeholder = "<!-- required permissions -->"

func main() {
	docs := flag.String("docs", "docs", "the directory of the generated documentation")
	flag.Parse()
	if err := run(context.Background(), *docs); err != nil {
		fmt.Fprintln(os.Stderr, "permissiondocs:", err)
		os.Exit(1)
	}
}

// run completes every page below the directory.
func run(ctx context.Context, docs string) error {
	root, err := os.OpenRoot(docs)
	if err != nil {
		return err
	}
	types, err := operators(ctx)
	if err != nil {
		return err
	}
	for page, operator := range types {
		if err := complete(root, page, operator.Operations()); err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
	}
	return root.Close()
}

// operators finds all types of the provider by the names of their pages, such as
// "resources/lakefs_user.md".
func operators(ctx context.Context) (map[string]entity.Operator, error) {
	made := provider.New("dev")()
	types := map[string]any{}
	for _, newResource := range made.Resources(ctx) {
		var named resource.MetadataResponse
		r := newResource()
		r.Metadata(ctx, resource.MetadataRequest{}, &named)
		types[pageOf("resources", named.TypeName)] = r
	}
	for _, newDataSource := range made.DataSources(ctx) {
		var named datasource.MetadataResponse
		d := newDataSource()
		d.Metadata(ctx, datasource.MetadataRequest{}, &named)
		types[pageOf("data-sources", named.TypeName)] = d
	}
	operators := make(map[string]entity.Operator, len(types))
	for page, t := range types {
		operator, ok := t.(entity.Operator)
		if !ok {
			return nil, fmt.Errorf("%s: its type does not tell its operations", page)
		}
		operators[page] = operator
	}
	return operators, nil
}

// pageOf names the page of a type as the documentation generator does.
func pageOf(kind, typeName string) string {
	return path.Join(kind, strings.TrimPrefix(typeName, "iam_")+".md")
}

// complete puts the section into a page.
func complete(root *os.Root, page string, occasions []entity.Occasion) error {
	text, err := root.ReadFile(page)
	if err != nil {
		return err
	}
	section, err := section(occasions)
	if err != nil {
		return err
	}
	completed := bytes.Replace(text, []byte(placeholder), []byte(section), 1)
	if bytes.Equal(completed, text) {
		return fmt.Errorf("the page has no place for the section: its template lacks %s", placeholder)
	}
	return root.WriteFile(page, completed, 0o600)
}

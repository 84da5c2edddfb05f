// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Command permissiondocs writes the parts of the documentation that follow from the
// algebras, in the places of comments that the templates leave for them: the section
// "Required permissions" of every page, the import by identity, and the tables of the
// capabilities of Cognite Data Fusion. Before that, it writes the examples of
// what a caller of everything needs.
//
// Nobody keeps those parts by hand: a type tells the API operations it makes and what
// identifies its objects, and the algebra of its platform tells what permissions an
// operation needs.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/dataiam/terraform-provider-iam/internal/provider"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// What the templates of the pages have where a part belongs.
const (
	permissionsPlace = "<!-- required permissions -->"
	scopesPlace      = "<!-- scopes of capabilities -->"
	aclsPlace        = "<!-- ACLs of capabilities -->"
	identityPlace    = "<!-- import by identity -->"
)

// tables are the parts that stand on single pages, by page and place.
var tables = map[string]map[string]func() string{
	"resources/cdf_group.md": {scopesPlace: scopeTable, aclsPlace: aclTable},
}

func main() {
	docs := flag.String("docs", "docs", "the directory of the generated documentation")
	examples := flag.String("examples", "", "write the examples of callers below this directory instead, from which the documentation is generated")
	flag.Parse()
	write := func(ctx context.Context) error { return run(ctx, *docs) }
	if *examples != "" {
		write = func(ctx context.Context) error { return writeCallers(ctx, *examples) }
	}
	if err := write(context.Background()); err != nil {
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
		if err := complete(root, page, operator); err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
	}
	return root.Close()
}

// operators finds all types of the provider by the names of their pages, such as
// "resources/lakefs_user.md".
func operators(ctx context.Context) (map[string]entity.Operator, error) {
	operators := make(map[string]entity.Operator)
	for page, t := range offered(ctx, provider.New("dev")()) {
		operator, ok := t.(entity.Operator)
		if !ok {
			return nil, fmt.Errorf("%s: its type does not tell its operations", page)
		}
		operators[page] = operator
	}
	return operators, nil
}

// offered finds whatever the provider offers that speaks to a platform.
func offered(ctx context.Context, made frameworkprovider.Provider) map[string]any {
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
	if made, ok := made.(frameworkprovider.ProviderWithEphemeralResources); ok {
		for _, newEphemeral := range made.EphemeralResources(ctx) {
			var named ephemeral.MetadataResponse
			e := newEphemeral()
			e.Metadata(ctx, ephemeral.MetadataRequest{}, &named)
			types[pageOf("ephemeral-resources", named.TypeName)] = e
		}
	}
	if made, ok := made.(frameworkprovider.ProviderWithListResources); ok {
		for _, newList := range made.ListResources(ctx) {
			var named resource.MetadataResponse
			l := newList()
			l.Metadata(ctx, resource.MetadataRequest{}, &named)
			types[pageOf("list-resources", named.TypeName)] = l
		}
	}
	if made, ok := made.(frameworkprovider.ProviderWithActions); ok {
		for _, newAction := range made.Actions(ctx) {
			var named action.MetadataResponse
			a := newAction()
			a.Metadata(ctx, action.MetadataRequest{}, &named)
			types[pageOf("actions", named.TypeName)] = a
		}
	}
	return types
}

// pageOf names the page of a type as the documentation generator does.
func pageOf(kind, typeName string) string {
	return path.Join(kind, strings.TrimPrefix(typeName, "iam_")+".md")
}

// complete puts the parts into a page.
func complete(root *os.Root, page string, operator entity.Operator) error {
	text, err := root.ReadFile(page)
	if err != nil {
		return err
	}
	p, err := platformOf(path.Base(page))
	if err != nil {
		return err
	}
	section, err := p.section(operator.Operations())
	if err != nil {
		return err
	}
	parts := map[string]string{permissionsPlace: section}
	if described, ok := operator.(entity.Described); ok {
		parts[identityPlace] = importByIdentity(described.Facts())
	}
	for place, table := range tables[page] {
		parts[place] = strings.TrimSuffix(table(), "\n")
	}
	for place, part := range parts {
		if !bytes.Contains(text, []byte(place)) {
			return fmt.Errorf("the page has no place for a part of it: its template lacks %s", place)
		}
		text = bytes.Replace(text, []byte(place), []byte(part), 1)
	}
	return root.WriteFile(page, text, 0o600)
}

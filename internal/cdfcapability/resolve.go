// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The kinds of names that stand for ids in the files of the Cognite Toolkit.
const (
	KindDataSets            = "data_sets"
	KindExtractionPipelines = "extraction_pipelines"
	KindLocationFilters     = "location_filters"
	KindSecurityCategories  = "security_categories"
	KindTimeSeries          = "time_series"
	KindAssets              = "assets"
)

// nameKinds says of which kind the names in a scope are: that of a scope for every
// ACL, or that of one ACL for scopes that mean its own objects.
var nameKinds = map[string]struct {
	anyACL string
	byACL  map[string]string
}{
	"datasetScope":            {anyACL: KindDataSets},
	"extractionPipelineScope": {anyACL: KindExtractionPipelines},
	"assetRootIdScope":        {anyACL: KindAssets},
	"idScope":                 {byACL: ownNames},
	"idscope":                 {byACL: ownNames},
}

// ownNames are the kinds of the names of the objects that an ACL itself is about.
var ownNames = map[string]string{
	"datasetsAcl":            KindDataSets,
	"extractionPipelinesAcl": KindExtractionPipelines,
	"locationFiltersAcl":     KindLocationFilters,
	"securityCategoriesAcl":  KindSecurityCategories,
	"timeSeriesAcl":          KindTimeSeries,
}

// NameKinds lists the kinds of names that ResolveNames knows, in order.
func NameKinds() []string {
	return []string{KindAssets, KindDataSets, KindExtractionPipelines, KindLocationFilters, KindSecurityCategories, KindTimeSeries}
}

// ResolveNames replaces the names in the scopes of a JSON list of capabilities by ids:
// the files of the Cognite Toolkit hold external ids of data sets, extraction pipelines,
// location filters, time series and assets, and names of security categories where the
// API takes numbers. The ids are given by kind and name. Numbers are ids already; so are
// texts of digits where no ids of their kind are given, since otherwise they may be names. What is not a list of capabilities is left as it is, for ParseList to refuse.
//
// A name without an id is an *InputError with its place; several are joined.
func ResolveNames(data []byte, ids map[string]map[string]int64) ([]byte, error) {
	var list []any
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	if len(data) > maxDocument {
		return data, nil
	}
	if err := decoder.Decode(&list); err != nil {
		return data, nil //nolint:nilerr // ParseList says better what is wrong, and where
	}
	names := nameResolver{ids: ids}
	for i, entry := range list {
		if members, ok := entry.(map[string]any); ok {
			names.capability(elementPath("", i), members)
		}
	}
	if len(names.failures) > 0 {
		return nil, errors.Join(names.failures...)
	}
	return json.Marshal(list)
}

// nameResolver collects the names for which there is no id.
type nameResolver struct {
	ids      map[string]map[string]int64
	failures []error
}

func (n *nameResolver) capability(path string, members map[string]any) {
	for _, acl := range slices.Sorted(maps.Keys(members)) {
		body, _ := members[acl].(map[string]any)
		scopes, _ := body[memberScope].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(scopes)) {
			kinds, known := nameKinds[name]
			kind := kinds.anyACL
			if kind == "" {
				kind = kinds.byACL[acl]
			}
			parameters, ok := scopes[name].(map[string]any)
			if !known || kind == "" || !ok {
				continue
			}
			for parameter, values := range parameters {
				if values, ok := values.([]any); ok {
					place := memberPath(memberPath(memberPath(memberPath(path, acl), memberScope), name), parameter)
					n.values(place, kind, values)
				}
			}
		}
	}
}

// values replaces the names in one list.
func (n *nameResolver) values(path, kind string, values []any) {
	for i, value := range values {
		name, isText := value.(string)
		if !isText {
			continue
		}
		if id, known := n.ids[kind][name]; known {
			values[i] = id
			continue
		}
		if id, isNumber := parseInteger(name); len(n.ids[kind]) == 0 && isNumber && strconv.FormatInt(id, 10) == name {
			continue
		}
		detail := fmt.Sprintf("there is no id for the name %q among those given as %s", name, kind)
		if near, found := nearest(name, slices.Sorted(maps.Keys(n.ids[kind]))); found {
			detail += fmt.Sprintf(", of which %q is the nearest", near)
		}
		n.failures = append(n.failures, &InputError{Path: elementPath(path, i), Detail: detail})
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxPage is the largest page a client may ask for.
const maxPage = 1000

// parameter is a query parameter of an operation.
type parameter struct {
	name     string
	required bool
	schema   schemaRef
	// defaulted is set when the document gives a default. The newer validator
	// adds it to the query when the client sends the name without a value.
	defaulted bool
}

// paging are the parameters of every list operation.
var paging = []parameter{
	{name: "prefix", schema: stringType},
	{name: "after", schema: stringType},
	{name: "amount", schema: amountType, defaulted: true},
}

var (
	effective   = []parameter{{name: "effective", schema: booleanType, defaulted: true}}
	principalID = []parameter{{name: "principalId", schema: stringType, required: true}}
)

// checkQuery validates the query against the document: the first value of each
// known parameter, unknown ones are ignored.
func (w wording) checkQuery(parameters []parameter, query url.Values) *reply {
	for _, p := range parameters {
		problem := ""
		if raw := query.Get(p.name); raw != "" {
			problem = w.checkParameter(p, raw)
		} else if p.required {
			problem = w.missingParameter
			if query.Has(p.name) {
				problem = "empty value is not allowed"
			}
		}
		if problem != "" {
			return refuse(http.StatusBadRequest, fmt.Sprintf("parameter %q in query has an error: %s", p.name, problem))
		}
	}
	return nil
}

func (w wording) checkParameter(p parameter, raw string) string {
	switch p.schema.Type {
	case "boolean":
		if _, err := strconv.ParseBool(raw); err != nil {
			return fmt.Sprintf("value %s: %s: %s", raw, w.badBoolean, w.parserError(err))
		}
	case "integer":
		number, err := w.parseInteger(raw)
		if err != nil {
			return fmt.Sprintf("value %s: an invalid integer: %s", raw, w.parserError(err))
		}
		if float, err := number.Float64(); err == nil && (math.IsNaN(float) || math.IsInf(float, 0)) {
			return "floating point " + strings.TrimLeft(formatNumber(float), "+-") + " is not allowed"
		}
		if m := w.checkNumber(p.schema.schema, number); m != nil {
			return m.message(false)
		}
	}
	return ""
}

// parseInteger reads a number as the validator of a version does: the newer one
// takes all forms of Go's integer literals.
func (w wording) parseInteger(raw string) (json.Number, error) {
	if w.floatNumbers {
		_, err := strconv.ParseFloat(raw, 64)
		return json.Number(raw), err
	}
	number, err := strconv.ParseInt(raw, 0, 64)
	return json.Number(strconv.FormatInt(number, 10)), err
}

// parserError is what a message says of an error of strconv: all of it, or the
// cause alone.
func (w wording) parserError(err error) string {
	if number, ok := errors.AsType[*strconv.NumError](err); ok && !w.floatNumbers {
		return number.Err.Error()
	}
	return err.Error()
}

// bindQuery reads the parameters after authentication. What it refuses is
// answered as plain text.
func (d *dialect) bindQuery(c *call) *reply {
	for _, p := range c.operation.query {
		values, present := c.query[p.name]
		if !present {
			continue
		}
		raw := values[0]
		problem := ""
		switch {
		case len(values) > 1, raw == "" && p.defaulted && !d.wording.floatNumbers:
			problem = fmt.Sprintf("multiple values for single value parameter '%s'", p.name)
		case p.schema.Type != "string":
			problem = bindValue(c, p.schema.Type, raw)
		}
		if problem != "" {
			return refuseText(fmt.Sprintf("Invalid format for parameter %s: %s", p.name, problem))
		}
	}
	c.page.prefix, c.page.after = c.query.Get("prefix"), c.query.Get("after")
	return nil
}

// bindValue reads the two parameters that are no text: amount and effective.
func bindValue(c *call, kind, raw string) string {
	var err error
	if kind == "boolean" {
		c.effective, err = strconv.ParseBool(raw)
	} else {
		c.page.amount, err = strconv.Atoi(raw)
	}
	if err != nil {
		return "error binding string parameter: " + strings.Replace(err.Error(), "Atoi", "ParseInt", 1)
	}
	return ""
}

// checkPath refuses empty path parameters before anything else is looked at.
func (w wording) checkPath(c *call) *reply {
	for i, name := range c.operation.segments {
		if isParameter(name) && c.raw[i] == "" {
			return refuse(http.StatusBadRequest,
				fmt.Sprintf("parameter %q in path has an error: %s", parameterName(name), w.missingParameter))
		}
	}
	return nil
}

// bindPath decodes the ids in the path. lakeFS uses the rules of forms here, so
// a literal `+` is a space, and it decodes a path that needs no escaping twice.
func bindPath(c *call) *reply {
	c.path = map[string]string{}
	for i, name := range c.operation.segments {
		if !isParameter(name) {
			continue
		}
		name = parameterName(name)
		value, err := url.QueryUnescape(c.raw[i])
		if err != nil {
			return refuseText(fmt.Sprintf("Invalid format for parameter %s: error unescaping query parameter '%s': %v",
				name, name, err))
		}
		c.path[name] = value
	}
	return nil
}

func refuseText(message string) *reply {
	return &reply{status: http.StatusBadRequest, text: message}
}

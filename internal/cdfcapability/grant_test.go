// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inTables gives a list that grants reading what a table scope lists.
func inTables(databases string) string {
	return `[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":` + databases + `}}}}]`
}

// What widens access by accident is refused where access is granted, and only there.
func TestParseGrantsRefuses(t *testing.T) {
	t.Parallel()
	const tables = `[0].rawAcl.scope.tableScope.dbsToTables`
	tests := []struct{ name, text, want string }{
		{"database null", inTables(`{"wells":null}`), tables + `.wells: null would grant the whole database: write [] if that is meant, or list the tables`},
		{"tables null", inTables(`{"wells":{"tables":null}}`), tables + `.wells.tables: null would grant the whole database: write [] if that is meant, or list the tables`},
		{"tables null, second", inTables(`{"a":["t"],"b c":null}`), tables + `["b c"]: null would grant the whole database: write [] if that is meant, or list the tables`},
		{"databases null", inTables(`null`), tables + `: must be an object, not null: name the databases, such as {"db": []} for a whole one`},
		{"snake_case null", `[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbs_to_tables":{"a":null}}}}}]`, `[0].rawAcl.scope.tableScope.dbs_to_tables.a: null would grant the whole database: write [] if that is meant, or list the tables`},
		{"empty table", inTables(`{"wells":["t",""]}`), tables + `.wells[1]: must not be empty: write [] instead of the list for the whole database, or name the table`},
		{"empty table in an object", inTables(`{"wells":{"tables":[""]}}`), tables + `.wells.tables[0]: must not be empty: write [] instead of the list for the whole database, or name the table`},
		{"null table", inTables(`{"wells":[null]}`), tables + `.wells[0]: must be a string, not null: write [] instead of the list for the whole database, or name the table`},
		{"empty database", inTables(`{"":[]}`), tables + `[""]: the name of a database must not be empty: name it, or use the scope all for every database`},
		{"empty ACL", `[{"":{"actions":["READ"],"scope":{"all":{}}}}]`, `[0]: the name of the ACL must not be empty: it is a name such as "agentsAcl"`},
		{"empty action", `[{"assetsAcl":{"actions":["READ",""],"scope":{"all":{}}}}]`, `[0].assetsAcl.actions[1]: must not be empty`},
		{"null action", `[{"assetsAcl":{"actions":[null],"scope":{"all":{}}}}]`, `[0].assetsAcl.actions[0]: must be a string, not null`},
		{"empty space", inScope(`"spaceIdScope":{"spaceIds":[""]}`), `[1].assetsAcl.scope.spaceIdScope.spaceIds[0]: must not be empty`},
		{"empty user", inScope(`"usersScope":{"usernames":[7,""]}`), `[1].assetsAcl.scope.usersScope.usernames[1]: must not be empty`},
		{"id 0", inScope(`"datasetScope":{"ids":[1,0]}`), `[1].assetsAcl.scope.datasetScope.ids[1]: 0 is not an id: ids are positive`},
		{"id 0 as a text", inScope(`"idScope":{"ids":["00"]}`), `[1].assetsAcl.scope.idScope.ids[0]: 0 is not an id: ids are positive`},
		{"negative id", inScope(`"assetRootIdScope":{"rootIds":[-1]}`), `[1].assetsAcl.scope.assetRootIdScope.rootIds[0]: -1 is not an id: ids are positive`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseGrants([]byte(test.text))
			if err == nil {
				t.Fatalf("read as %v", got)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, ok := errors.AsType[*InputError](err); !ok {
				t.Errorf("%T holds no InputError", err)
			}
		})
	}
}

// The documented forms of a whole database are read the same in both ways.
func TestParseGrantsReads(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":         `[]`,
		"a list":          inTables(`{"wells":[],"a b":["t"]}`),
		"an object":       inTables(`{"wells":{"tables":[]}}`),
		"an empty object": inTables(`{"wells":{}}`),
		"ids and texts":   `[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,"2"]}}}},{"newAcl":{"actions":["READ"],"scope":{"newScope":{"a":null,"b":""}}}}]`,
	} {
		want, err := ParseList([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseGrants([]byte(text))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// peerAddress is that of the provider Face-to-Face-IT/lakefs in a state of Terraform.
const peerAddress = "registry.terraform.io/face-to-face-it/lakefs"

// theList is the statements of the policy that the tests of moves make.
const theList = `[{"action":["fs:ReadObject","fs:ListObjects"],"effect":"allow","resource":"arn:lakefs:fs:::repository/main/*"},` +
	`{"action":["fs:DeleteObject"],"condition":{"IpAddress":{"SourceIp":["10.0.0.0/8"]}},"effect":"deny","resource":"*"}]`

// makeWhatMoves makes one object of each kind, as somebody with another provider has. It
// returns the access key and when everything was made.
func makeWhatMoves(t *testing.T, lakefs *acctest.LakeFS) (key lakefsapi.CredentialsWithSecret, made string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, client := t.Context(), lakefs.Client
	user, err := client.CreateUser(ctx, lakefsapi.UserCreation{ID: "etl"})
	must(err)
	_, err = client.CreateGroup(ctx, lakefsapi.GroupCreation{ID: "analysts", Description: "who reads"})
	must(err)
	var statements []lakefsapi.Statement
	must(json.Unmarshal([]byte(theList), &statements))
	_, err = client.CreatePolicy(ctx, lakefsapi.Policy{ID: "ReadMain", Statement: statements})
	must(err)
	must(client.AddGroupMembership(ctx, "analysts", "etl"))
	must(client.AttachPolicyToUser(ctx, "etl", "ReadMain"))
	must(client.AttachPolicyToGroup(ctx, "analysts", "ReadMain"))
	key, err = client.CreateCredentials(ctx, "etl")
	must(err)
	return key, fmt.Sprint(user.CreationDate)
}

// Every type takes over what the other provider has in its state: the arguments that it
// would have from a configuration, so that neither the plan without a refresh nor that after
// one changes anything, with all that is known without a server.
func TestAccLakefs_moves(t *testing.T) {
	t.Parallel()
	// Where a server chooses the ids of groups, the other provider fails.
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	key, made := makeWhatMoves(t, lakefs)
	document := `{"statement":` + theList + `}`
	for _, test := range []struct {
		from, to, state string
		configs         []acctest.Arguments
		want            map[string]string
	}{
		{
			"lakefs_user", "iam_lakefs_user", `{"id":"etl","creation_date":` + made + `,"friendly_name":null}`,
			[]acctest.Arguments{{"id": "etl"}, {"id": "etl", "revoke_credentials_on_destroy": true}},
			map[string]string{"id": "etl", "friendly_name": ""},
		},
		{
			"lakefs_group", "iam_lakefs_group", `{"id":"analysts","creation_date":` + made + `,"description":"who reads"}`,
			[]acctest.Arguments{{"name": "analysts", "description": "who reads"}},
			map[string]string{"id": "analysts", "name": "analysts", "description": "who reads"},
		},
		{
			"lakefs_policy", "iam_lakefs_policy", `{"id":"ReadMain","creation_date":` + made + `,"statement":` + asText(theList) + `}`,
			[]acctest.Arguments{{"id": "ReadMain", "document": document}, {"id": "ReadMain", "document": strings.ReplaceAll(document, ",", " , ")}},
			map[string]string{"id": "ReadMain", "document": document},
		},
		{
			"lakefs_group_membership", "iam_lakefs_group_membership", `{"group_id":"analysts","user_id":"etl"}`,
			[]acctest.Arguments{{"group_id": "analysts", "user_id": "etl"}}, map[string]string{"group_id": "analysts", "user_id": "etl"},
		},
		{
			"lakefs_user_policy_attachment", "iam_lakefs_policy_attachment", `{"policy_id":"ReadMain","user_id":"etl"}`,
			[]acctest.Arguments{{"policy_id": "ReadMain", "user_id": "etl"}}, map[string]string{"policy_id": "ReadMain", "user_id": "etl", "group_id": ""},
		},
		{
			"lakefs_group_policy_attachment", "iam_lakefs_policy_attachment", `{"policy_id":"ReadMain","group_id":"analysts"}`,
			[]acctest.Arguments{{"policy_id": "ReadMain", "group_id": "analysts"}}, map[string]string{"policy_id": "ReadMain", "user_id": "", "group_id": "analysts"},
		},
		{
			"lakefs_user_credentials", "iam_lakefs_credentials",
			`{"user_id":"etl","access_key_id":"` + key.AccessKeyID + `","secret_access_key":"` + key.SecretAccessKey + `","creation_date":` + made + `}`,
			[]acctest.Arguments{{"user_id": "etl"}},
			map[string]string{"user_id": "etl", "access_key_id": key.AccessKeyID, "secret_access_key": key.SecretAccessKey},
		},
	} {
		t.Run(test.from, func(t *testing.T) {
			t.Parallel()
			direct := acctest.NewDirect(t, lakefs.Providers())
			for _, address := range []string{peerAddress, "registry.opentofu.org/face-to-face-it/lakefs"} {
				moved, ok := direct.Move(test.to, address, test.from, test.state)
				if !ok {
					t.Fatalf("not moved: %v", texts(direct.Said()))
				}
				got := map[string]string{}
				for name := range test.want {
					got[name] = moved.Text(name)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("the moved object (-want +got):\n%s", diff)
				}
				refreshed, _ := direct.Refresh(test.to, moved)
				if before, after := moved.Text("creation_date"), refreshed.Text("creation_date"); before != after {
					t.Errorf("it was made at %s, and at %s after the move", after, before)
				}
				if before, after := moved.Texts("permissions"), refreshed.Texts("permissions"); !maps.Equal(before, after) || test.to == "iam_lakefs_policy" && len(before) != 3 {
					t.Errorf("it says %v, and %v after the move", after, before)
				}
				for _, config := range test.configs {
					wantUnchanged(t, direct, test.to, moved, config)
					wantUnchanged(t, direct, test.to, refreshed, config)
				}
			}
			if said := direct.Said(); len(said) > 0 {
				t.Errorf("it said: %v", texts(said))
			}
		})
	}
}

func asText(text string) string {
	encoded, _ := json.Marshal(text) // a string has a form in JSON
	return string(encoded)
}

// wantUnchanged fails unless a configuration plans no change of an object.
func wantUnchanged(t *testing.T, direct *acctest.Direct, typeName string, object acctest.Object, config acctest.Arguments) {
	t.Helper()
	planned, replaces, ok := direct.Plan(typeName, object, config)
	if !ok || replaces || !planned.Same(object) {
		t.Errorf("%v plans a change (replaces %t, without error %t) of\n%v to\n%v", config, replaces, ok, object, planned)
	}
}

// A state that cannot be what the other provider has written moves nothing, and no message
// shows a secret of it.
func TestLakefs_movesOfGarbage(t *testing.T) {
	t.Parallel()
	direct := acctest.NewDirect(t, acctest.StartLocalLakeFS(t, localserver.Options{}).Providers())
	sources := map[string]string{
		"lakefs_user": "iam_lakefs_user", "lakefs_group": "iam_lakefs_group", "lakefs_policy": "iam_lakefs_policy",
		"lakefs_group_membership": "iam_lakefs_group_membership", "lakefs_user_policy_attachment": "iam_lakefs_policy_attachment",
		"lakefs_group_policy_attachment": "iam_lakefs_policy_attachment", "lakefs_user_credentials": "iam_lakefs_credentials",
	}
	refuse := func(from, to, state, want string) {
		t.Helper()
		_, ok := direct.Move(to, peerAddress, from, state)
		said := direct.Said()
		if ok || len(said) != 1 || !strings.Contains(said[0].Detail, want) || !strings.Contains(said[0].Detail, "import block for "+to) || strings.Contains(said[0].Detail, "hidden") {
			t.Errorf("%s of %s: moved %t, said %v, want %q", state, from, ok, texts(said), want)
		}
	}
	for from, to := range sources {
		for _, state := range []string{``, `{`, `null`, `[]`, `7`, `"hidden"`} {
			refuse(from, to, state, "its state is no JSON object")
		}
		refuse(from, to, `{}`, "is not set")
		for _, wrong := range []string{`7`, `true`, `[]`, `["hidden"]`, `{}`, `{"a":"hidden"}`} {
			refuse(from, to, strings.ReplaceAll(`{"id":X,"user_id":X,"group_id":X,"policy_id":X,"access_key_id":X}`, "X", wrong), "is not a text")
		}
	}
	for from, attribute := range map[string]string{"lakefs_user": "friendly_name", "lakefs_group": "description", "lakefs_user_credentials": "secret_access_key", "lakefs_policy": "statement"} {
		refuse(from, sources[from], `{"id":"x","user_id":"x","access_key_id":"x","`+attribute+`":["hidden"]}`, attribute+" is not a text")
	}
	for _, from := range []string{"lakefs_user", "lakefs_group", "lakefs_user_credentials", "lakefs_policy"} {
		for _, date := range []string{`"hidden"`, `1.5`, `[1]`, `99999999999999999999`} {
			refuse(from, sources[from], `{"id":"x","user_id":"x","access_key_id":"x","secret_access_key":"hidden","statement":`+asText(theList)+`,"creation_date":`+date+`}`, "creation_date is not a whole number")
		}
	}
	for list, want := range map[string]string{
		``:                                       "statement is not set",
		`nope`:                                   "it is not JSON",
		`[],"id":"other"`:                        "it is not JSON",
		`[]`:                                     "must not be an empty list",
		`{}`:                                     "must be a list",
		`[{"effect":"allow","action":["fs:*"]}]`: "resource",
		`[{"effect":"allow","action":["fs:*"],"resource":"*","conditions":{}}]`:     "conditions",
		`[{"effect":"allow","action":["fs:*"],"resource":"*","condition":{"a":1}}]`: "condition",
	} {
		refuse("lakefs_policy", "iam_lakefs_policy", `{"id":"x","statement":`+asText(list)+`}`, want)
	}
	for _, other := range []struct{ address, typeName string }{
		{"registry.terraform.io/hashicorp/aws", "aws_iam_user"}, {"registry.terraform.io/zjpiazza/lakefs", "lakefs_user"}, {"registry.terraform.io/dataiam/iam", "iam_lakefs_group"},
	} {
		_, ok := direct.Move("iam_lakefs_user", other.address, other.typeName, `{"id":"etl"}`)
		said := direct.Said()
		if ok || len(said) != 1 || !strings.Contains(said[0].Detail, fmt.Sprintf("cannot be moved from %q of the provider %q, only from lakefs_user of the provider Face-to-Face-IT/lakefs.", other.typeName, other.address)) {
			t.Errorf("%v: moved %t, said %v", other, ok, texts(said))
		}
	}
}

func texts(said []*tfprotov6.Diagnostic) []string {
	all := make([]string, len(said))
	for i, d := range said {
		all[i] = d.Summary + ": " + d.Detail
	}
	return all
}

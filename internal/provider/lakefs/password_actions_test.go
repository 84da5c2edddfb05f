// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	forgotPassword = "iam_lakefs_forgot_password"
	updatePassword = "iam_lakefs_update_password"
	ann            = "ann@example.com"
)

// startWithPasswords starts a lakeFS that has passwords, with a user. Requests whose path has
// the ending get the answer instead of the server's.
func startWithPasswords(t *testing.T, ending string, answer http.HandlerFunc) *acctest.LakeFS {
	t.Helper()
	server := acctest.StartLocalLakeFS(t, localserver.Options{Dialect: "0.97", Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if ending != "" && strings.HasSuffix(r.URL.Path, ending) {
				answer(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}})
	// Only an invited user has an address. The server makes the user and fails to send the mail.
	if _, err := server.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: ann, InviteUser: true}); err == nil {
		t.Fatal("the server has sent a mail")
	}
	must(t, acctest.ErrorOf(server.Client.GetUser(t.Context(), ann)))
	return server
}

// answerWith answers with JSON.
func answerWith(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// invoke validates, plans and invokes an action, and returns what was told and said.
func invoke(direct *acctest.Direct, action string, arguments acctest.Arguments) (progress, said []string) {
	if direct.ValidateAction(action, arguments) && direct.PlanAction(action, arguments) {
		progress, _ = direct.InvokeAction(action, arguments)
	}
	return progress, direct.SaidText()
}

// wantSaid fails unless all that was said is one thing, which begins as wanted and has the words.
func wantSaid(t *testing.T, said []string, begins string, words ...string) {
	t.Helper()
	if len(said) != 1 || !strings.HasPrefix(said[0], begins) {
		t.Fatalf("said %q, want one that begins %q", said, begins)
	}
	for _, word := range words {
		if !strings.Contains(said[0], word) {
			t.Errorf("said %q, want %q in it", said[0], word)
		}
	}
}

const asked = `lakeFS was asked to mail a token to "ann@example.com". It does not tell whether a user has this address.`

func TestForgotPassword(t *testing.T) {
	t.Parallel()
	const object = `action.iam_lakefs_forgot_password for "ann@example.com": `
	for name, test := range map[string]struct {
		ending   string
		answer   http.HandlerFunc
		progress []string
		begins   string
		words    []string
	}{
		"a server that sends mail": {
			"/auth/capabilities", answerWith(http.StatusOK, `{"forgot_password":true}`),
			[]string{asked}, "", nil,
		},
		"a server that sends none": {
			"", nil, []string{asked, "The server says that it is not set up to send mail."},
			"warning: lakeFS says that it sends no mail: " + object, []string{"forgot_password is false"},
		},
		"a server that does not say": {
			"/auth/capabilities", answerWith(http.StatusBadRequest, `{"message":"no"}`), []string{asked},
			"warning: Whether lakeFS sends mail is not known: " + object, []string{"400 Bad Request"},
		},
		"refused": {
			"/password/forgot", answerWith(http.StatusBadRequest, `{"message":"invalid email"}`), nil,
			"error: Could not ask lakeFS for a password mail: " + object, []string{"forgotPassword", "invalid email"},
		},
		"unclear": {
			"/password/forgot", answerWith(http.StatusBadGateway, `{"message":"no backend"}`), nil,
			"error: Could not ask lakeFS for a password mail: " + object + "It is unknown whether lakeFS got the request.", []string{"502 Bad Gateway"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startWithPasswords(t, test.ending, test.answer)
			progress, said := invoke(acctest.NewDirect(t, server.Providers()), forgotPassword, acctest.Arguments{"email": ann})
			if diff := cmp.Diff(test.progress, progress); diff != "" {
				t.Errorf("progress (-want +got):\n%s", diff)
			}
			if test.begins == "" && len(said) == 0 {
				return
			}
			wantSaid(t, said, test.begins, test.words...)
		})
	}
}

func TestUpdatePassword(t *testing.T) {
	t.Parallel()
	server := startWithPasswords(t, "", nil)
	token, err := server.Local.PasswordResetToken(ann)
	must(t, err)
	stranger, err := server.Local.PasswordResetToken("who@example.com")
	must(t, err)
	direct := acctest.NewDirect(t, server.Providers())
	arguments := acctest.Arguments{"token": token, "new_password": "hunter2", "email": ann}
	if progress, said := invoke(direct, updatePassword, arguments); !cmp.Equal([]string{"The password is set."}, progress) || len(said) > 0 {
		t.Errorf("told %q, said %q", progress, said)
	}
	if _, err := server.Client.Login(t.Context(), lakefsapi.LoginInformation{AccessKeyID: ann, SecretAccessKey: "hunter2"}); err != nil {
		t.Errorf("logging in with the new password: %v", err)
	}
	progress, said := invoke(direct, updatePassword, arguments)
	wantSaid(t, said, `error: Could not set a lakeFS password: action.iam_lakefs_update_password for "ann@example.com": lakeFS does not accept the token: it is wrong, has expired, was used before`,
		"updatePassword", "401 Unauthorized")
	if len(progress) > 0 {
		t.Errorf("told %q", progress)
	}
	_, said = invoke(direct, updatePassword, acctest.Arguments{"token": stranger, "new_password": "hunter2"})
	wantSaid(t, said, "error: Could not set a lakeFS password: action.iam_lakefs_update_password: No user has the address that the token is for.", "404 Not Found")
}

// A server without passwords refuses both actions, each version in its own way.
func TestPasswordsOfAServerWithout(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"current":              nil,
		"before 1.0":           answerWith(http.StatusInternalServerError, `{"message":"invalid API endpoint"}`),
		"not implemented":      answerWith(http.StatusNotImplemented, `{"message":"not implemented"}`),
		"auth server lacks it": answerWith(http.StatusInternalServerError, `{"message":"unexpected status code - got 501, expected 204"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if answer != nil && strings.Contains(r.URL.Path, "/auth/password") {
						answer(w, r)
						return
					}
					next.ServeHTTP(w, r)
				})
			}})
			direct := acctest.NewDirect(t, server.Providers())
			for action, arguments := range map[string]acctest.Arguments{
				forgotPassword: {"email": ann},
				updatePassword: {"token": "t0ken", "new_password": "hunter2"},
			} {
				progress, said := invoke(direct, action, arguments)
				if len(progress) > 0 {
					t.Errorf("%s told %q", action, progress)
				}
				wantSaid(t, said, "error: Could not ", "action."+action, "This lakeFS has no password operations: only versions up to 0.97 have them.", "iam_lakefs_credentials makes one", "Server answer: ")
			}
		})
	}
}

// Whatever the server makes of the secrets, none is in what is told.
func TestUpdatePassword_secrets(t *testing.T) {
	t.Parallel()
	const token, password = "s3cret-t0ken-of-the-mail", "s3cret-n3w-password"
	for name, answer := range map[string]http.HandlerFunc{
		"refused": func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"message": string(body)})
		},
		"unclear": answerWith(http.StatusBadGateway, fmt.Sprintf(`{"message":"%s %s"}`, token, password)),
		"token":   answerWith(http.StatusUnauthorized, fmt.Sprintf(`{"message":"the token %s is bad"}`, token)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := startWithPasswords(t, "/auth/password", func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				answer(w, r)
			})
			progress, said := invoke(acctest.NewDirect(t, server.Providers()), updatePassword, acctest.Arguments{"token": token, "new_password": password, "email": ann})
			wantSaid(t, said, `error: Could not set a lakeFS password: action.iam_lakefs_update_password for "ann@example.com": `, "updatePassword")
			if text := said[0] + strings.Join(progress, ""); strings.Contains(text, "s3cret") {
				t.Errorf("a secret is in %q", text)
			}
			if name == "unclear" {
				wantSaid(t, said, "error: ", "It is unknown whether the password was set.")
			}
			if requests.Load() != 1 {
				t.Errorf("sent %d times, want once: a token works once", requests.Load())
			}
		})
	}
}

func TestPasswordActions_configuration(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	server := acctest.StartLocalLakeFS(t, localserver.Options{Dialect: "0.97", Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/password") {
				requests.Add(1)
			}
			next.ServeHTTP(w, r)
		})
	}})
	direct := acctest.NewDirect(t, server.Providers())
	for _, test := range []struct {
		action    string
		arguments acctest.Arguments
		words     string // none: it is valid
	}{
		{forgotPassword, acctest.Arguments{"email": tftypes.UnknownValue}, ""},
		{updatePassword, acctest.Arguments{"token": tftypes.UnknownValue, "new_password": tftypes.UnknownValue, "email": tftypes.UnknownValue}, ""},
		{updatePassword, acctest.Arguments{"token": "t0ken", "new_password": "hunter2"}, ""},
		{forgotPassword, acctest.Arguments{"email": "ann"}, `Not an e-mail address: action.iam_lakefs_forgot_password: email is "ann", which lakeFS does not accept.`},
		{forgotPassword, acctest.Arguments{}, "Missing Configuration for Required Attribute"},
		{updatePassword, acctest.Arguments{"token": "t0ken", "new_password": "hunter2", "email": ""}, `email is "", which lakeFS does not accept`},
		{updatePassword, acctest.Arguments{"token": "", "new_password": "hunter2"}, "Empty token: action.iam_lakefs_update_password: token is empty"},
		{updatePassword, acctest.Arguments{"token": "t0ken", "new_password": ""}, "Empty new_password"},
		{updatePassword, acctest.Arguments{"token": "t0ken"}, "Missing Configuration for Required Attribute"},
	} {
		valid := direct.ValidateAction(test.action, test.arguments) && direct.PlanAction(test.action, test.arguments)
		said := strings.Join(direct.SaidText(), "\n")
		if valid != (test.words == "") || !strings.Contains(said, test.words) || strings.Contains(said, "hunter2") || strings.Contains(said, "t0ken") {
			t.Errorf("%s with %v is valid: %t, said %q", test.action, test.arguments, valid, said)
		}
		if test.words == "" || strings.HasPrefix(test.words, "Missing") {
			continue
		}
		_, invoked := direct.InvokeAction(test.action, test.arguments) // as if it had been unknown before
		if said := strings.Join(direct.SaidText(), "\n"); invoked || !strings.Contains(said, test.words) {
			t.Errorf("%s with %v is invoked: %t, said %q", test.action, test.arguments, invoked, said)
		}
	}
	if requests.Load() > 0 {
		t.Errorf("the server was asked %d times", requests.Load())
	}
}

// Terraform itself invokes the action, with values that it keeps nowhere.
func TestAccLakefsUpdatePassword(t *testing.T) {
	t.Parallel()
	server := startWithPasswords(t, "", nil)
	token, err := server.Local.PasswordResetToken(ann)
	must(t, err)
	config := fmt.Sprintf(`
variable "password" {
  type      = string
  ephemeral = true
  default   = "hunter2"
}
action "iam_lakefs_forgot_password" "test" {
  config {
    email = %[1]q
  }
}
action "iam_lakefs_update_password" "test" {
  config {
    token        = %[2]q
    new_password = var.password
    email        = %[1]q
  }
}
resource "terraform_data" "test" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.iam_lakefs_forgot_password.test, action.iam_lakefs_update_password.test]
    }
  }
}
`, ann, token)
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Needs(acctest.Actions),
		ProtoV6ProviderFactories: server.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					login := lakefsapi.LoginInformation{AccessKeyID: ann, SecretAccessKey: "hunter2"}
					if _, err := server.Client.Login(t.Context(), login); err != nil {
						t.Errorf("logging in with the new password: %v", err)
					}
				},
				Config: config, PlanOnly: true,
			},
			{
				Config:      strings.Replace(config, `"terraform_data" "test"`, `"terraform_data" "again"`, 1),
				ExpectError: says("Could not set a lakeFS password", "lakeFS does not accept the token"),
			},
		},
	})
}

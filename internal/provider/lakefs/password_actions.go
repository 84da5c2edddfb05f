// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"
	"net/mail"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// onlyOldServers says in a description which servers have passwords.
const onlyOldServers = "\n\nOnly lakeFS up to version 0.97 has passwords. Any later server refuses the action with an error that says so."

type forgottenPassword struct {
	Email types.String `tfsdk:"email"`
}

func forgotPasswordAction() entity.Action[api, forgottenPassword] {
	return entity.Action[api, forgottenPassword]{
		Name:     "lakefs_forgot_password",
		Title:    "ask lakeFS for a password mail",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Has lakeFS mail a token by which a user can set a new password (the operation `forgotPassword` of its API). " +
				"The server gives the same answer whether a user has the address or not, so success does not mean that a mail was sent. " +
				"A warning tells when the server says that it is not set up to send mail." + onlyOldServers,
			Attributes: map[string]schema.Attribute{
				"email": schema.StringAttribute{
					MarkdownDescription: "The e-mail address of the user, for example `ann@example.com`.",
					Required:            true,
				},
			},
		},
		Object: func(m forgottenPassword) string { return quotedOrNothing(m.Email) },
		Validate: func(_ context.Context, m forgottenPassword) diag.Diagnostics {
			return validateEmail("lakefs_forgot_password", m.Email)
		},
		Invoke: forgetPassword,
		Calls: func(forgottenPassword) []entity.Call {
			return []entity.Call{{Operation: "forgotPassword"}, {Operation: "getAuthCapabilities"}}
		},
	}
}

func forgetPassword(ctx context.Context, s *entity.Session[api], m forgottenPassword, progress func(string)) error {
	err := s.API.ForgotPassword(ctx, m.Email.ValueString())
	switch {
	case lakefsapi.IsNotImplemented(err):
		return &passwordError{noPasswords, err}
	case httpapi.OutcomeUnknown(err):
		return &passwordError{"it is unknown whether lakeFS got the request. Look for the mail before you invoke the action again: every mail has a token of its own.", err}
	case err != nil:
		return err
	}
	progress(fmt.Sprintf("lakeFS was asked to mail a token to %q. It does not tell whether a user has this address.", m.Email.ValueString()))
	capabilities, err := s.API.GetAuthCapabilities(ctx)
	switch {
	case err != nil:
		s.Warn("Whether lakeFS sends mail is not known", "action.iam_lakefs_forgot_password for "+quotedOrNothing(m.Email)+
			": the request was accepted, but the server did not say whether it is set up to send mail. "+explain(err))
	case !capabilities.ForgotPassword:
		progress("The server says that it is not set up to send mail.") // Terraform may fold the warning into one of another action
		s.Warn("lakeFS says that it sends no mail", "action.iam_lakefs_forgot_password for "+quotedOrNothing(m.Email)+
			": the request was accepted, but the server at "+s.API.Endpoint()+" says that it is not set up to reset passwords by mail (forgot_password is false in its auth capabilities). "+
			"Most likely no mail arrives. Set up email in the server's configuration first.")
	}
	return nil
}

type updatedPassword struct {
	Token       types.String `tfsdk:"token"`
	NewPassword types.String `tfsdk:"new_password"`
	Email       types.String `tfsdk:"email"`
}

func updatePasswordAction() entity.Action[api, updatedPassword] {
	return entity.Action[api, updatedPassword]{
		Name:     "lakefs_update_password",
		Title:    "set a lakeFS password",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Sets a new password of a lakeFS user by a token that the server has mailed, see `iam_lakefs_forgot_password` (the operation `updatePassword` of lakeFS's API). " +
				"Give it token and password as ephemeral values, such as variables with `ephemeral = true`: Terraform keeps any other value in the plan file, and `terraform show -json` shows it in clear text." +
				onlyOldServers,
			Attributes: map[string]schema.Attribute{
				"token": schema.StringAttribute{
					MarkdownDescription: "The token from the mail, as an ephemeral value, for example `var.token`. It works once.",
					Required:            true, WriteOnly: true,
				},
				"new_password": schema.StringAttribute{
					MarkdownDescription: "The new password, as an ephemeral value, for example `var.new_password`.",
					Required:            true, WriteOnly: true,
				},
				"email": schema.StringAttribute{
					MarkdownDescription: "The e-mail address that the token was sent to, for example `ann@example.com`: the server refuses a token that is for another one. Default: the token alone decides.",
					Optional:            true,
				},
			},
		},
		Object: func(m updatedPassword) string { return quotedOrNothing(m.Email) },
		Validate: func(_ context.Context, m updatedPassword) diag.Diagnostics {
			diags := validateEmail("lakefs_update_password", m.Email)
			for name, value := range map[string]types.String{"token": m.Token, "new_password": m.NewPassword} {
				if entity.Known(value) && value.ValueString() == "" {
					diags.AddAttributeError(path.Root(name), "Empty "+name, "action.iam_lakefs_update_password: "+name+" is empty, which lakeFS does not accept.")
				}
			}
			return diags
		},
		Invoke: updatePassword,
		Calls:  func(updatedPassword) []entity.Call { return []entity.Call{{Operation: "updatePassword"}} },
	}
}

func updatePassword(ctx context.Context, s *entity.Session[api], m updatedPassword, progress func(string)) error {
	err := s.API.UpdatePassword(ctx, lakefsapi.UpdatePasswordByToken{
		Token: m.Token.ValueString(), NewPassword: m.NewPassword.ValueString(), Email: m.Email.ValueString(),
	})
	switch {
	case err == nil:
		progress("The password is set.")
		return nil
	case lakefsapi.IsNotImplemented(err):
		return &passwordError{noPasswords, err}
	case httpapi.OutcomeUnknown(err):
		return &passwordError{"it is unknown whether the password was set. Log in with it to find out. If it was not, ask for another token: one works once.", err}
	case lakefsapi.IsCredentialsRejected(err):
		return &passwordError{"lakeFS does not accept the token: it is wrong, has expired, was used before, or is for another address than email. Ask for another one, for example with iam_lakefs_forgot_password.", err}
	case lakefsapi.IsNotFound(err):
		return &passwordError{"no user has the address that the token is for.", err}
	}
	return err
}

// noPasswords says why an action cannot work on a server, and what works there.
const noPasswords = "this lakeFS has no password operations: only versions up to 0.97 have them. " +
	"Users of later versions log in with an access key (iam_lakefs_credentials makes one), or by the identity provider that the server is connected to: change passwords there."

// passwordError is a failure of a password operation with what it means.
type passwordError struct {
	meaning string
	err     error
}

// Error gives the server's answer alone: explain adds the meaning.
func (e *passwordError) Error() string { return e.err.Error() }

// Unwrap answers what the server's answer was read as.
func (e *passwordError) Unwrap() error { return e.err }

func validateEmail(action string, email types.String) (diags diag.Diagnostics) {
	if !entity.Known(email) {
		return nil
	}
	if _, err := mail.ParseAddress(email.ValueString()); err != nil {
		diags.AddAttributeError(path.Root("email"), "Not an e-mail address",
			fmt.Sprintf("action.iam_%s: email is %s, which lakeFS does not accept. Write an address such as \"ann@example.com\".", action, quotedOrNothing(email)))
	}
	return diags
}

// quotedOrNothing quotes a text that is known.
func quotedOrNothing(text types.String) string {
	if !entity.Known(text) {
		return ""
	}
	return fmt.Sprintf("%q", text.ValueString())
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

// shown says when an optional member is part of an answer.
type shown int

const (
	never shown = iota
	whenSet
	always
)

// value returns what to put into an answer: nil leaves the member out.
func (s shown) value(text string) *string {
	if s == never || s == whenSet && text == "" {
		return nil
	}
	return &text
}

// userView lists the optional members of a user in the answer of an operation.
type userView struct {
	email        shown
	friendlyName shown
}

// userViews holds the view of each operation that answers a user.
type userViews struct {
	created, single, listed, current userView
}

// userJSON is a user on the wire. Dates are Unix seconds.
type userJSON struct {
	CreationDate int64   `json:"creation_date"`
	Email        *string `json:"email,omitempty"`
	FriendlyName *string `json:"friendly_name,omitempty"`
	ID           string  `json:"id"`
}

func (v userView) of(u user) userJSON {
	return userJSON{
		CreationDate: u.created,
		Email:        v.email.value(u.email),
		FriendlyName: v.friendlyName.value(""),
		ID:           u.id,
	}
}

// groupView lists the members of a group in the answer of an operation.
type groupView struct {
	// nameAsID answers the name under `id`, as reading one group does.
	nameAsID    bool
	name        bool
	description shown
}

// groupViews holds the view of each operation that answers a group.
type groupViews struct {
	created, single, listed, ofUser groupView
}

// groupJSON is a group on the wire. Dates are Unix seconds.
type groupJSON struct {
	CreationDate int64   `json:"creation_date"`
	Description  *string `json:"description,omitempty"`
	ID           string  `json:"id"`
	Name         *string `json:"name,omitempty"`
}

func (v groupView) of(g group) groupJSON {
	answer := groupJSON{CreationDate: g.created, Description: v.description.value(g.description), ID: g.id}
	if v.nameAsID {
		answer.ID = g.name
	}
	if v.name {
		answer.Name = &g.name
	}
	return answer
}

// keyJSON is a key pair on the wire; the secret is shown once, when it is made.
type keyJSON struct {
	AccessKeyID     string `json:"access_key_id"`
	CreationDate    int64  `json:"creation_date"`
	SecretAccessKey string `json:"secret_access_key,omitempty"`
}

// listed maps the items of a page to their view.
func listed[From, To any](items []From, view func(From) To) []To {
	answers := make([]To, len(items))
	for i, item := range items {
		answers[i] = view(item)
	}
	return answers
}

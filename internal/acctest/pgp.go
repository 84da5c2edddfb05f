// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// PGPKey is a key pair of somebody who may read a secret.
type PGPKey struct{ Entity *openpgp.Entity }

// NewPGPKey makes a key pair with a subkey for encryption, a year old. Each option
// changes how.
func NewPGPKey(t *testing.T, options ...func(*packet.Config)) PGPKey {
	t.Helper()
	made := time.Now().AddDate(-1, 0, 0)
	config := &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return made }}
	for _, option := range options {
		option(config)
	}
	entity, err := openpgp.NewEntity("Ops", "", "ops@example.com", config)
	fatal(t, err)
	return PGPKey{entity}
}

// ExpiredPGPKey makes a key pair that lasted for a day, a year ago.
func ExpiredPGPKey(t *testing.T) PGPKey {
	t.Helper()
	return NewPGPKey(t, func(config *packet.Config) { config.KeyLifetimeSecs = 24 * 60 * 60 })
}

// Expire makes the key one that expired long ago, as its owner does who does not extend it.
func (k PGPKey) Expire(t *testing.T) {
	t.Helper()
	day := uint32(24 * 60 * 60)
	for _, identity := range k.Entity.Identities {
		identity.SelfSignature.KeyLifetimeSecs = &day
	}
	fatal(t, k.Entity.SerializePrivate(io.Discard, nil)) // signs it anew
}

// Public is the public key in the armor of gpg --armor --export.
func (k PGPKey) Public(t *testing.T) string {
	t.Helper()
	return armored(t, openpgp.PublicKeyType, k.Entity.Serialize)
}

// Private is the private key in the armor of gpg --armor --export-secret-keys.
func (k PGPKey) Private(t *testing.T) string {
	t.Helper()
	return armored(t, openpgp.PrivateKeyType, func(w io.Writer) error { return k.Entity.SerializePrivateWithoutSigning(w, nil) })
}

func armored(t *testing.T, kind string, write func(io.Writer) error) string {
	t.Helper()
	var text strings.Builder
	w, err := armor.Encode(&text, kind, nil)
	fatal(t, err)
	fatal(t, write(w))
	fatal(t, w.Close())
	return text.String()
}

// Decrypt reads what was encrypted for the key and written in base64.
func (k PGPKey) Decrypt(t *testing.T, encrypted string) string {
	t.Helper()
	binary, err := base64.StdEncoding.DecodeString(encrypted)
	fatal(t, err)
	message, err := openpgp.ReadMessage(bytes.NewReader(binary), openpgp.EntityList{k.Entity}, nil, nil)
	fatal(t, err)
	text, err := io.ReadAll(message.UnverifiedBody)
	fatal(t, err)
	return string(text)
}

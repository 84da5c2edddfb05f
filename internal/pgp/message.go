// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package pgp

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// Message is a message for the holder of a key, without its content. All that
// depends on the key is done when it is begun: where nothing but the secret lacks,
// hardly anything can fail any more.
type Message struct {
	key       *Key
	written   *bytes.Buffer
	plaintext io.WriteCloser
}

// Begin begins a message at a time. It fails where the key cannot encrypt then.
func (k *Key) Begin(now time.Time) (message *Message, err error) {
	defer recoverAsError(&err)
	if err := k.Check(now); err != nil {
		return nil, err
	}
	written := new(bytes.Buffer)
	plaintext, err := openpgp.Encrypt(written, []*openpgp.Entity{k.entity}, nil, nil, &packet.Config{Time: func() time.Time { return now }})
	if err != nil {
		return nil, fmt.Errorf("encrypting for the PGP key %s: %w", k.Fingerprint(), err)
	}
	return &Message{k, written, plaintext}, nil
}

// Fingerprint is that of the key for whose holder the message is.
func (m *Message) Fingerprint() string { return m.key.Fingerprint() }

// Seal puts the secret into the message and returns it in base64, to be decrypted by
// base64 -d | gpg -d. A message takes one secret.
func (m *Message) Seal(secret string) (string, error) {
	if _, err := io.WriteString(m.plaintext, secret); err != nil {
		return "", fmt.Errorf("encrypting the secret: %w", err)
	}
	if err := m.plaintext.Close(); err != nil {
		return "", fmt.Errorf("encrypting the secret: %w", err)
	}
	return base64.StdEncoding.EncodeToString(m.written.Bytes()), nil
}

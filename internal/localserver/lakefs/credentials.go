// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import "net/http"

// keyView is an access key without its secret.
func keyView(key accessKey) keyJSON {
	return keyJSON{AccessKeyID: key.id, CreationDate: key.created}
}

// createCredentials makes a key pair. Callers cannot choose its values: body and
// query are ignored.
func (s *Server) createCredentials(c *call) reply {
	key, err := s.store.addKey(c.path["userId"], newAccessKeyID(), newSecretAccessKey())
	if err != nil {
		return s.storeFailure(err)
	}
	shown := keyView(key)
	shown.SecretAccessKey = key.secret
	return answer(http.StatusCreated, shown)
}

// createCredentialsBasic refuses: a server with a single user allows one key.
func (s *Server) createCredentialsBasic(c *call) reply {
	if _, err := s.store.user(c.path["userId"]); err != nil {
		return s.storeFailure(err)
	}
	return fail(http.StatusBadRequest, "exceeded number of allowed credentials: invalid request")
}

func (s *Server) listUserCredentials(c *call) reply {
	keys, last := s.store.listKeys(c.path["userId"], c.page)
	return answer(http.StatusOK, listOf(listed(keys, keyView), c.page.offset(last)))
}

func (s *Server) getCredentials(c *call) reply {
	key, err := s.store.keyOf(c.path["userId"], c.path["accessKeyId"])
	if err != nil {
		return s.storeFailure(err)
	}
	return answer(http.StatusOK, keyView(key))
}

func (s *Server) deleteCredentials(c *call) reply {
	return s.done(http.StatusNoContent, s.store.deleteKey(c.path["userId"], c.path["accessKeyId"]))
}

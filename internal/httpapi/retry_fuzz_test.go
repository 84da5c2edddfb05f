// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// FuzzRetryAfter: whatever a server asks for, the wait is none or lies ahead.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"", "0", "120", "-1", "1.5", "99999999999999999999", "2147483648", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT"} {
		f.Add(value, int64(1_445_412_000))
		f.Add(value, int64(-1<<40))
	}
	f.Fuzz(func(t *testing.T, value string, now int64) {
		if wait := httpapi.RetryAfter(http.Header{"Retry-After": {value}}, time.Unix(now, 0)); wait < 0 {
			t.Errorf("%q means a wait of %s", value, wait)
		}
	})
}

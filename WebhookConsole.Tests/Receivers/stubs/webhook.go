// Package webhooks has the signatures of the library's Go package, so that go vet can read code that uses it.
package webhooks

import "net/http"

type Webhook struct{}

func NewWebhook(secret string) (*Webhook, error) { return &Webhook{}, nil }

func (wh *Webhook) Verify(payload []byte, headers http.Header) error { return nil }

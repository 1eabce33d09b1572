package kafka

import (
	"encoding/json"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// clients holds the connections of all virtual users: those with an equal configuration share one client, so that records of
// different users travel in one batch, as those of different threads of an application do.
var clients = &clientPool{open: map[string]*kgo.Client{}}

type clientPool struct {
	mutex sync.Mutex
	open  map[string]*kgo.Client
}

// take gives the client of this configuration, made when first asked for.
func (p *clientPool) take(config any, options func() ([]kgo.Opt, error)) (*kgo.Client, error) {
	key, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if client, known := p.open[string(key)]; known {
		return client, nil
	}
	list, err := options()
	if err != nil {
		return nil, err
	}
	client, err := kgo.NewClient(list...)
	if err != nil {
		return nil, err
	}
	p.open[string(key)] = client
	return client, nil
}

// drop closes a client; whoever takes this configuration again gets a new one.
func (p *clientPool) drop(client *kgo.Client) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for key, open := range p.open {
		if open == client {
			delete(p.open, key)
		}
	}
	client.Close()
}

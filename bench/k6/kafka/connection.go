package kafka

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"github.com/grafana/sobek"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const adminTimeout = 30 * time.Second

type connectionConfig struct {
	Address string     `js:"address"`
	SASL    saslConfig `js:"sasl"`
	TLS     tlsConfig  `js:"tls"`
}

type topicConfig struct {
	Topic             string `js:"topic"`
	NumPartitions     int32  `js:"numPartitions"`
	ReplicationFactor int16  `js:"replicationFactor"`
	ConfigEntries     []struct {
		ConfigName  string `js:"configName"`
		ConfigValue string `js:"configValue"`
	} `js:"configEntries"`
}

func (m *module) newConnection(call sobek.ConstructorCall) *sobek.Object {
	config := configOf[connectionConfig](m, call.Arguments, "Connection")
	if config.Address == "" {
		m.fail(errors.New("address: expected HOST:PORT"))
	}
	options, err := securityOptions(config.SASL, config.TLS)
	if err != nil {
		m.fail(err)
	}
	client, err := kgo.NewClient(append(options, kgo.SeedBrokers(config.Address))...)
	if err != nil {
		m.fail(err)
	}
	admin := kadm.NewClient(client)
	// The init context has none of its own.
	within := func(work func(context.Context) (any, error)) sobek.Value {
		ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
		defer cancel()
		result, err := work(ctx)
		if err != nil {
			m.fail(err)
		}
		return m.vu.Runtime().ToValue(result)
	}
	return m.object(map[string]func(sobek.FunctionCall) sobek.Value{
		"createTopic": func(call sobek.FunctionCall) sobek.Value {
			topic := configOf[topicConfig](m, call.Arguments, "createTopic")
			return within(func(ctx context.Context) (any, error) { return nil, createTopic(ctx, admin, topic) })
		},
		"deleteTopic": func(call sobek.FunctionCall) sobek.Value {
			name := call.Argument(0).String()
			return within(func(ctx context.Context) (any, error) {
				deleted, err := admin.DeleteTopics(ctx, name)
				if err == nil {
					err = deleted.Error()
				}
				return nil, err
			})
		},
		"listTopics": func(sobek.FunctionCall) sobek.Value {
			return within(func(ctx context.Context) (any, error) {
				topics, err := admin.ListTopics(ctx)
				names := topics.Names()
				sort.Strings(names)
				return names, err
			})
		},
		"close": func(sobek.FunctionCall) sobek.Value {
			client.Close()
			return sobek.Undefined()
		},
	})
}

// createTopic takes one partition and one replica where none are given.
func createTopic(ctx context.Context, admin *kadm.Client, topic topicConfig) error {
	configs := make(map[string]*string, len(topic.ConfigEntries))
	for _, entry := range topic.ConfigEntries {
		configs[entry.ConfigName] = &entry.ConfigValue
	}
	created, err := admin.CreateTopics(ctx, max(1, topic.NumPartitions), max(1, topic.ReplicationFactor), configs, topic.Topic)
	if err == nil {
		err = created.Error()
	}
	if err != nil {
		return fmt.Errorf("topic %q could not be created: %w", topic.Topic, err)
	}
	return nil
}

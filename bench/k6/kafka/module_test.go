package kafka

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.k6.io/k6/js/modulestest"
)

// inScript runs JavaScript in the init context of a virtual user that has the module as `kafka`.
func inScript(t *testing.T, code string) (string, error) {
	t.Helper()
	runtime := modulestest.NewRuntime(t)
	instance := (&rootModule{}).NewModuleInstance(runtime.VU)
	if err := runtime.VU.Runtime().Set("kafka", instance.Exports().Named); err != nil {
		t.Fatal(err)
	}
	value, err := runtime.VU.Runtime().RunString(code)
	if err != nil {
		return "", err
	}
	return value.String(), nil
}

func TestTextAndJSONBecomeBytesAndBack(t *testing.T) {
	found, err := inScript(t, `
		const registry = new kafka.SchemaRegistry();
		const text = registry.serialize({ data: "grüße", schemaType: kafka.SCHEMA_TYPE_STRING });
		const json = registry.serialize({ data: { n: 7 }, schemaType: kafka.SCHEMA_TYPE_JSON });
		[text instanceof Uint8Array, text.length,
		 registry.deserialize({ data: text, schemaType: kafka.SCHEMA_TYPE_STRING }),
		 registry.deserialize({ data: json, schemaType: kafka.SCHEMA_TYPE_JSON }).n].join()`)
	if err != nil || found != "true,7,grüße,7" {
		t.Fatalf("got %q, %v", found, err)
	}
}

func TestWrongSettingsAreNamedInTheInitContext(t *testing.T) {
	for code, want := range map[string]string{
		`new kafka.Writer()`:                                                                      "Writer needs a configuration object",
		`new kafka.Writer({ topic: "t" })`:                                                        "brokers: expected at least one HOST:PORT",
		`new kafka.Writer({ brokers: ["h:1"], requiredAcks: 2 })`:                                 "requiredAcks: expected 0, 1 or -1, got 2",
		`new kafka.Writer({ brokers: ["h:1"], compression: "rar" })`:                              `got "rar"`,
		`new kafka.Writer({ brokers: ["h:1"], balancer: "mine" })`:                                `got "mine"`,
		`new kafka.Writer({ brokers: ["h:1"], requiredAcks: 1, idempotent: true })`:               "idempotent: needs requiredAcks -1",
		`new kafka.Writer({ brokers: ["h:1"], sasl: { algorithm: "magic" } })`:                    `got "magic"`,
		`new kafka.Writer({ brokers: ["h:1"], tls: { enableTls: true, clientCertPem: "x" } })`:    "belong together",
		`new kafka.Reader({ brokers: ["h:1"] })`:                                                  "topic: needed without a groupId",
		`new kafka.Reader({ brokers: ["h:1"], groupId: "g" })`:                                    "groupTopics: expected at least one topic",
		`new kafka.Reader({ brokers: ["h:1"], groupId: "g", topic: "t", groupBalancers: ["x"] })`: `got "x"`,
		`new kafka.Connection({})`:                                                                "address: expected HOST:PORT",
		`new kafka.SchemaRegistry().serialize({ data: "x", schemaType: "AVRO" })`:                 "a schema registry is not supported",
		`new kafka.Writer({ brokers: ["h:1"], topic: "t" }).produce({ messages: [] })`:            "cannot be sent or read in the init context",
	} {
		if _, err := inScript(t, code); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", code, err, want)
		}
	}
}

func TestBalancersMapKeysAsTheirClientsDo(t *testing.T) {
	// Partitions of the key "21" among 7: murmur2 by Java's Utils (its own test vector -973932308), CRC-32 by librdkafka's rule.
	for balancer, want := range map[string]int{
		balancerMurmur2: (-973932308 & 0x7fffffff) % 7,
		balancerCrc32:   int(uint32(0xfd7746b4) % 7),
	} {
		partitioner, err := partitionerOf(balancer)
		if err != nil {
			t.Fatal(err)
		}
		record := &kgo.Record{Key: []byte("21")}
		if got := partitioner.ForTopic("t").Partition(record, 7); got != want {
			t.Errorf("%s: got %d, want %d", balancer, got, want)
		}
	}
}

func TestTheLedgerTellsOfRecordsWithIds(t *testing.T) {
	out := &bytes.Buffer{}
	l := newLedger(`{"t":{"offset":2,"length":3}}`, func() io.Writer { return out })
	at := time.UnixMicro(5)
	good := &kgo.Record{Topic: "t", Value: []byte("xxabcxx"), Partition: 4, Offset: 9}
	other := &kgo.Record{Topic: "other", Value: []byte("xxabcxx")}
	short := &kgo.Record{Topic: "t", Value: []byte("xxab")}
	l.handedOver([]*kgo.Record{good, other, short}, at)
	l.settled(kgo.ProduceResults{{Record: good}, {Record: other}}, at, true)
	l.settled(kgo.ProduceResults{{Record: good}}, at, false)
	l.settled(kgo.ProduceResults{{Record: good, Err: errors.New("no luck")}}, at, true)
	want := "s t abc 5\na t abc 4 9 5\na t abc 4 -1 5\nf t abc 5 \"no luck\"\n"
	if out.String() != want {
		t.Fatalf("got %q, want %q", out.String(), want)
	}
}

func TestTheLedgerIsSilentUnlessAskedFor(t *testing.T) {
	l := newLedger("", func() io.Writer { t.Fatal("opened"); return nil })
	l.handedOver([]*kgo.Record{{Topic: "t", Value: []byte("abc")}}, time.Now())
}

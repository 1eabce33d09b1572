package kafka

import (
	"encoding/json"
	"fmt"

	"github.com/grafana/sobek"
)

type container struct {
	Data       sobek.Value `js:"data"`
	SchemaType string      `js:"schemaType"`
}

// newSchemaRegistry makes bytes of text and JSON and back, which scripts for xk6-kafka do by it. It reaches no registry.
func (m *module) newSchemaRegistry(sobek.ConstructorCall) *sobek.Object {
	return m.object(map[string]func(sobek.FunctionCall) sobek.Value{
		"serialize": func(call sobek.FunctionCall) sobek.Value {
			bytes, err := serialize(configOf[container](m, call.Arguments, "serialize"))
			if err != nil {
				m.fail(err)
			}
			return m.uint8Array(bytes)
		},
		"deserialize": func(call sobek.FunctionCall) sobek.Value {
			return m.deserialize(configOf[container](m, call.Arguments, "deserialize"))
		},
	})
}

func serialize(given container) ([]byte, error) {
	switch given.SchemaType {
	case schemaString, schemaBytes:
		return bytesOf(given.Data)
	case schemaJSON:
		return json.Marshal(given.Data.Export())
	}
	return nil, unknownSchema(given.SchemaType)
}

func (m *module) deserialize(given container) sobek.Value {
	bytes, err := bytesOf(given.Data)
	if err != nil {
		m.fail(err)
	}
	switch given.SchemaType {
	case schemaString:
		return m.vu.Runtime().ToValue(string(bytes))
	case schemaBytes:
		return m.uint8Array(bytes)
	case schemaJSON:
		var value any
		if err := json.Unmarshal(bytes, &value); err != nil {
			m.fail(fmt.Errorf("deserialize: %w", err))
		}
		return m.vu.Runtime().ToValue(value)
	}
	m.fail(unknownSchema(given.SchemaType))
	return nil
}

func unknownSchema(given string) error {
	return fmt.Errorf("schemaType: expected %s, %s or %s, got %q; a schema registry is not supported",
		schemaString, schemaBytes, schemaJSON, given)
}

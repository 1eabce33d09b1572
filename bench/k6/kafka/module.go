// Package kafka is a k6 module on franz-go. Its names follow xk6-kafka's, so that one script runs on either; it knows nothing
// of use cases. Beyond xk6-kafka it can tell what became of each record (events.go), shares connections between virtual
// users (clients.go), and takes `idempotent`, `instance` and `deliveryTimeout` in the configuration of a Writer.
package kafka

import (
	"errors"
	"fmt"

	"github.com/grafana/sobek"
	"go.k6.io/k6/js/common"
	"go.k6.io/k6/js/modules"
)

func init() { modules.Register("k6/x/kafka", &rootModule{}) }

type rootModule struct{}

// NewModuleInstance is called once for every virtual user.
func (*rootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	meters, err := registerMeters(vu.InitEnv().Registry)
	if err != nil {
		common.Throw(vu.Runtime(), err)
	}
	return &module{vu: vu, meters: meters}
}

type module struct {
	vu     modules.VU
	meters *meters
}

// Exports are the classes and constants of xk6-kafka that this module has.
func (m *module) Exports() modules.Exports {
	named := map[string]any{
		"Writer":         m.newWriter,
		"Reader":         m.newReader,
		"Connection":     m.newConnection,
		"SchemaRegistry": m.newSchemaRegistry,
	}
	for name, value := range constants {
		named[name] = value
	}
	return modules.Exports{Named: named}
}

var errInitContext = errors.New("records cannot be sent or read in the init context, only in functions of the test")

// configOf reads the one argument of a constructor or method. Unknown names are ignored, as xk6-kafka does.
func configOf[T any](m *module, arguments []sobek.Value, what string) T {
	var config T
	if len(arguments) == 0 {
		m.fail(fmt.Errorf("%s needs a configuration object", what))
	}
	if err := m.vu.Runtime().ExportTo(arguments[0], &config); err != nil {
		m.fail(fmt.Errorf("%s: %w", what, err))
	}
	return config
}

// fail throws in the script.
func (m *module) fail(err error) { common.Throw(m.vu.Runtime(), err) }

// object makes a JavaScript object of methods.
func (m *module) object(methods map[string]func(sobek.FunctionCall) sobek.Value) *sobek.Object {
	object := m.vu.Runtime().NewObject()
	for name, method := range methods {
		if err := object.Set(name, method); err != nil {
			m.fail(err)
		}
	}
	return object
}

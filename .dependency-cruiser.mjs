// The import rules of the house (docs/architecture.md), kept by `npm run lint`.
// Each layer lists what it may import beside itself and the leaves that everything may import.
const leaves = '^lib/(errors|nearest|units|rational)\\.ts$';
const nodeBuiltins = ['core'];

const mayImport = {
  'lib/requirements': [],
  'lib/plan': ['lib/requirements'],
  'lib/measurement': ['lib/requirements'],
  'lib/oracle': ['lib/requirements'],
  'lib/verdict': ['lib/requirements', 'lib/plan', 'lib/measurement', 'lib/oracle'],
  'lib/report': ['lib/requirements/types.ts', 'lib/plan', 'lib/measurement', 'lib/verdict'],
  'lib/constructs': ['lib/plan', 'lib/metrics.ts'],
  'lib/stacks': ['lib/constructs', 'lib/plan'],
  bench: ['lib/requirements', 'lib/plan', 'lib/measurement', 'lib/metrics.ts'],
  dashboards: ['lib/metrics.ts', 'lib/plan'],
};

const pure = '^lib/(requirements|plan|measurement|oracle|verdict|report|errors|nearest|units|rational)';

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-orphan-dependency', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'nobody-imports-bin', severity: 'error', from: { pathNot: '^(bin|test)/' }, to: { path: '^bin/' } },
    {
      name: 'leaves-import-leaves',
      severity: 'error',
      from: { path: leaves },
      to: { path: '^(bin|lib|bench|dashboards)/', pathNot: leaves },
    },
    {
      name: 'pure-middle',
      comment: 'the pure part knows no clock, file, network, console, AWS or Kafka client',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: nodeBuiltins },
    },
    {
      name: 'pure-middle-packages',
      severity: 'error',
      from: { path: pure },
      to: { path: 'node_modules/(kafkajs|@platformatic|aws-cdk-lib|constructs|@aws-sdk)' },
    },
    ...Object.entries(mayImport).map(([layer, allowed]) => ({
      name: `${layer.replace('/', '-')}-imports`,
      severity: 'error',
      from: { path: `^${layer}/` },
      to: {
        path: '^(bin|lib|bench|dashboards)/',
        pathNot: [
          leaves,
          `^${layer}/`,
          ...allowed.map((place) => (place.endsWith('.ts') ? `^${place}$` : `^${place}/`)),
        ],
      },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

/** Rules on what holds data or guards it, on every target: retained, encrypted, closed to the world, least privilege. */
import { type Finding, findingIf, isObject, isTrueAt, listAt, numberAt, type Rule, textAt, valueAt } from './rule.ts';

/** What is lost with its data when CloudFormation deletes it. */
export const dataBearing = [
  'AWS::EC2::Volume',
  'AWS::KMS::Key',
  'AWS::MSK::Cluster',
  'AWS::MSK::ServerlessCluster',
  'AWS::MSK::Topic',
] as const;

/** Listeners of Kafka, its exporters and ZooKeeper; then those of MSK with IPv6. */
export const kafkaPorts = [
  ...[2181, 2182, 9092, 9093, 9094, 9096, 9098, 9194, 9196, 9198, 11001, 11002],
  ...[20092, 20094, 20096, 20098],
];
/** Services whose actions reach what a cluster stores. */
const dataServices = ['kafka-cluster', 'kafka', 's3', 'secretsmanager', 'kms', 'ec2'];

export const dataRules: readonly Rule[] = [
  {
    id: 'DATA-RETAINED',
    types: dataBearing,
    must: 'what holds data stays when its stack goes or replaces it',
    fix: 'set DeletionPolicy and UpdateReplacePolicy to Retain, both',
    check: ({ deletionPolicy, updateReplacePolicy }) => [
      ...findingIf(deletionPolicy !== 'Retain', 'DeletionPolicy', deletionPolicy ?? 'not set'),
      ...findingIf(updateReplacePolicy !== 'Retain', 'UpdateReplacePolicy', updateReplacePolicy ?? 'not set'),
    ],
  },
  {
    id: 'DATA-ENCRYPTED',
    types: ['AWS::EC2::Volume'],
    must: 'disks are encrypted',
    fix: 'set Encrypted to true',
    check: ({ properties }) => findingIf(!isTrueAt(properties, 'Encrypted'), 'Encrypted', 'not true'),
  },
  {
    id: 'DATA-OPEN-PORT',
    types: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'],
    must: 'no port of Kafka is open to every address',
    fix: 'name the security group of the clients as the source',
    check: ({ type, properties }) => {
      const rules = type === 'AWS::EC2::SecurityGroup' ? listAt(properties, 'SecurityGroupIngress') : [properties];
      return rules.filter(isObject).flatMap((rule) => openFindings(rule));
    },
  },
  {
    id: 'DATA-LEAST-PRIVILEGE',
    types: ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'],
    must: 'no policy allows every action of a service that reaches data, nor a data action on everything',
    fix: 'grant one topic and one group, with grantProduce and grantConsume',
    check: ({ properties }) => policyDocuments(properties).flatMap(privilegeFindings),
  },
  {
    id: 'DATA-SCRAM-SECRET',
    types: ['AWS::MSK::BatchScramSecret'],
    must: 'the secret of a user is named AmazonMSK_ and has a key of its own, or MSK refuses it',
    fix: 'name the secret AmazonMSK_..., and give it a customer managed key',
    check: (resource, all) =>
      listAt(resource.properties, 'SecretArnList').flatMap((value, index) => {
        const secret = all.referred(resource, value);
        if (secret === null) return [];
        const name = textAt(secret.properties, 'Name');
        const at = `SecretArnList.${index}`;
        return [
          ...findingIf(!(name?.startsWith('AmazonMSK_') ?? false), at, `name "${name}"`),
          ...findingIf(valueAt(secret.properties, 'KmsKeyId') === undefined, at, `"${name}" has the default key`),
        ];
      }),
  },
  {
    id: 'DATA-INSTANCE-METADATA',
    types: ['AWS::EC2::LaunchTemplate'],
    must: 'instances give their credentials to IMDSv2 alone',
    fix: 'set MetadataOptions.HttpTokens to required',
    check: ({ properties }) => {
      const at = 'LaunchTemplateData.MetadataOptions.HttpTokens';
      return findingIf(textAt(properties, at) !== 'required', at, textAt(properties, at) ?? 'not set');
    },
  },
];

function openFindings(rule: Readonly<Record<string, unknown>>): readonly Finding[] {
  const source = textAt(rule, 'CidrIp') ?? textAt(rule, 'CidrIpv6');
  if (source !== '0.0.0.0/0' && source !== '::/0') return [];
  const from = numberAt(rule, 'FromPort') ?? 0;
  const to = numberAt(rule, 'ToPort') ?? 65_535;
  const every = String(valueAt(rule, 'IpProtocol')) === '-1';
  const open = kafkaPorts.filter((port) => every || (port >= from && port <= to));
  return findingIf(open.length > 0, 'CidrIp', `${source} reaches ${open.join(', ')}`);
}

function policyDocuments(properties: Readonly<Record<string, unknown>>): readonly unknown[] {
  const inline = listAt(properties, 'Policies').map((policy) => (isObject(policy) ? policy.PolicyDocument : null));
  return [properties.PolicyDocument, ...inline].filter((document) => document !== undefined);
}

function privilegeFindings(document: unknown): readonly Finding[] {
  if (!isObject(document)) return [];
  const statements = asList(document.Statement).filter(isObject);
  return statements
    .filter(({ Effect: effect }) => effect === 'Allow')
    .flatMap((statement) => {
      const actions = asList(statement.Action).map(String);
      const everything = asList(statement.Resource).includes('*');
      return actions
        .filter((action) => isTooWide(action, everything))
        .map((action) => ({ at: 'PolicyDocument', found: `${action} on ${everything ? '*' : 'its resources'}` }));
    });
}

function isTooWide(action: string, everything: boolean): boolean {
  const [service = '', name = ''] = action.split(':');
  if (action === '*') return true;
  return (
    (dataServices.includes(service) && name === '*') ||
    (service === 'kafka-cluster' && (everything || name.includes('*')))
  );
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** A double of the part of MSK's API that `prove --cluster-arn` asks; on loopback, it answers what the test says. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const clusterArn =
  'arn:aws:kafka:us-east-1:111122223333:cluster/course-events-1/0f1e2d3c-0000-4000-8000-000000000000-1';
const configurationArn = 'arn:aws:kafka:us-east-1:111122223333:configuration/course-events-1/1';

export interface MskAnswers {
  readonly state: string;
  readonly instanceType: string;
  readonly brokers: number;
  readonly volumeGiB: number;
  /** Null: the role may not read it. */
  readonly serverProperties: string | null;
  readonly brokerIds: readonly number[];
  readonly bootstrap: Readonly<Record<string, string>>;
}

export const usualAnswers: MskAnswers = {
  state: 'ACTIVE',
  instanceType: 'kafka.m7g.large',
  brokers: 3,
  volumeGiB: 100,
  serverProperties: 'auto.create.topics.enable=false\nunclean.leader.election.enable=false\n',
  brokerIds: [1, 2, 3],
  bootstrap: { bootstrapBrokerStringSaslIam: 'b-1.example:9098,b-2.example:9098' },
};

export interface MskApi {
  readonly endpoint: string;
  answers: MskAnswers;
  /** Paths asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function startMskApi(answers: Partial<MskAnswers> = {}): Promise<MskApi> {
  const api: MskApi = {
    endpoint: '',
    answers: { ...usualAnswers, ...answers },
    asked: [],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    api.asked.push(path);
    const { status, body } = answer(path, api.answers);
    // Without a connection kept open, close() does not wait for the client.
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...errorType(status) });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(api, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function errorType(status: number): Record<string, string> {
  if (status === 403) return { 'x-amzn-errortype': 'ForbiddenException' };
  return status === 404 ? { 'x-amzn-errortype': 'NotFoundException' } : {};
}

function answer(path: string, answers: MskAnswers): { status: number; body: unknown } {
  if (path === `/api/v2/clusters/${clusterArn}`) return { status: 200, body: { clusterInfo: clusterInfo(answers) } };
  if (path === `/v1/clusters/${clusterArn}/bootstrap-brokers`) return { status: 200, body: answers.bootstrap };
  if (path.startsWith(`/v1/clusters/${clusterArn}/nodes`)) {
    const nodes = answers.brokerIds.map((brokerId) => ({ nodeType: 'BROKER', brokerNodeInfo: { brokerId } }));
    return { status: 200, body: { nodeInfoList: nodes } };
  }
  if (path === `/v1/configurations/${configurationArn}/revisions/4` && answers.serverProperties !== null) {
    return { status: 200, body: { serverProperties: Buffer.from(answers.serverProperties).toString('base64') } };
  }
  const isConfiguration = path.startsWith('/v1/configurations/');
  return {
    status: isConfiguration ? 403 : 404,
    body: { message: isConfiguration ? 'not allowed' : 'no such cluster' },
  };
}

function clusterInfo({ state, instanceType, brokers, volumeGiB }: MskAnswers): unknown {
  return {
    clusterArn,
    clusterName: 'course-events-1',
    clusterType: 'PROVISIONED',
    state,
    provisioned: {
      numberOfBrokerNodes: brokers,
      brokerNodeGroupInfo: {
        instanceType,
        clientSubnets: ['subnet-1', 'subnet-2', 'subnet-3'],
        storageInfo: { ebsStorageInfo: { volumeSize: volumeGiB } },
      },
      currentBrokerSoftwareInfo: { configurationArn, configurationRevision: 4, kafkaVersion: '4.1.x.kraft' },
      storageMode: 'LOCAL',
    },
  };
}

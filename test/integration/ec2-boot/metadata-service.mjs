/** The instance metadata service, version 2 only: without the token of a PUT every request is refused. */
import { createServer } from 'node:http';

const [instanceId, zoneId] = process.argv.slice(2);
const token = `token-of-${instanceId}`;
const answers = {
  '/latest/meta-data/instance-id': instanceId,
  '/latest/meta-data/placement/availability-zone-id': zoneId,
};

createServer((request, response) => {
  const reply = (status, body) => response.writeHead(status).end(body);
  if (request.method === 'PUT' && request.url === '/latest/api/token')
    return request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === undefined ? reply(400, '') : reply(200, token);
  if (request.headers['x-aws-ec2-metadata-token'] !== token) return reply(401, '');
  const answer = answers[request.url];
  return answer === undefined ? reply(404, '') : reply(200, answer);
}).listen(80, '169.254.169.254');

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { bootChecksums, bootFolder } from '../../lib/constructs/ec2-boot.ts';
import { kafkaId } from '../../lib/constructs/ec2-identity.ts';
import { userDataMaxBytes } from '../../lib/constructs/ec2-user-data.ts';
import { kafkaFacts } from '../../lib/plan/facts/kafka.ts';
import { ec2Plan, ec2Template, userDataOf } from '../stacks/ec2-app.ts';

const template = ec2Template(ec2Plan({ brokers: 30 }));
const nodes = ['Broker1', 'Broker30', 'Controller1001'];

describe('user data', () => {
  it.each(nodes)('of %s fits into what EC2 takes', (node) => {
    // Ids and names of resources that only exist later are longer than what stands for them here, by far less than 2 KiB.
    expect(Buffer.byteLength(userDataOf(template, node))).toBeLessThan(userDataMaxBytes - 2048);
  });

  it.each(nodes)('of %s holds no secret', (node) => {
    const text = userDataOf(template, node);
    expect(text).not.toMatch(/BEGIN |password|passwd|secret_?key|AKIA|jaas/i);
    // Names of secrets are all there is of them.
    expect(text.match(/^.*secret.*$/gim)).toEqual([
      expect.stringMatching(/^NODE_SECRET='headroom\/[\w-]+\/node-\d+'$/),
      expect.stringMatching(/^AUTHORITY_SECRET='headroom\/[\w-]+\/authority'$/),
    ]);
  });

  it('comes with metadata version 2 only, one hop', () => {
    template.allResourcesProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
      },
    });
  });

  it('holds every file of the boot folder to its checksum', () => {
    const text = userDataOf(template, 'Broker1');
    for (const name of [...readdirSync(bootFolder), 'jmx-exporter.yaml'])
      expect(text).toMatch(new RegExp(`^[0-9a-f]{64} {2}${name.replace('.', '\\.')}$`, 'm'));
    expect(bootChecksums()).toHaveLength(readdirSync(bootFolder).length + 1);
  });
});

const shellcheck = spawnSync('shellcheck', ['--version']).status === 0;
if (!shellcheck) process.stderr.write('\nshellcheck is not installed: the shell scripts are NOT checked\n\n');

describe.skipIf(!shellcheck)('shellcheck finds nothing in', () => {
  const check = (args: readonly string[], input?: string): string =>
    spawnSync('shellcheck', args, { encoding: 'utf8', ...(input === undefined ? {} : { input }) }).stdout;

  it.each(nodes)('the user data of %s as rendered', (node) => {
    expect(check(['-'], userDataOf(template, node))).toBe('');
  });

  it.each(['boot.sh', 'administer.sh', 'renew-certificates.sh'])('%s and what it reads', (name) => {
    expect(check(['--external-sources', '--check-sourced', join(bootFolder, name)])).toBe('');
  });

  it('the script of the certificates, and the doubles of the test', () => {
    const doubles = join(packageRoot, 'test', 'integration', 'ec2-boot');
    const scripts = readdirSync(join(doubles, 'doubles')).map((name) => join(doubles, 'doubles', name));
    const certificates = join(packageRoot, 'scripts', 'make-certificates.sh');
    expect(check([certificates, join(doubles, 'launch-instance.sh'), ...scripts])).toBe('');
  });

  it('only because nothing is there: a planted fault is found', () => {
    expect(check(['-'], '#!/bin/bash\ncd $1\nrm -rf $2/*\n')).toContain('SC2086');
  });
});

describe('the unit of the service', () => {
  const unit = readFileSync(join(bootFolder, 'kafka.service'), 'utf8');

  it('has the limits that Kafka asks for and waits for its disk', () => {
    expect(unit).toContain(`LimitNOFILE=${kafkaFacts.fileDescriptors.value}\n`);
    expect(unit).toContain('RequiresMountsFor=/var/lib/kafka\n');
    expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeGreaterThanOrEqual(180);
    expect(unit).toMatch(/^User=kafka$/m);
  });
});

describe('ids of a cluster', () => {
  it('are functions of its name, of a form that Kafka takes', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (parts) => {
        const id = kafkaId(...parts);
        expect(id).toBe(kafkaId(...parts));
        expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
        expect(Buffer.from(id, 'base64url')).toHaveLength(16);
      }),
    );
  });
});

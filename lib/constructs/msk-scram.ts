/**
 * Users of an MSK cluster who log in by password. CloudFormation associates them, and fails when one is not taken, which
 * the API alone reports inside a successful answer.
 */
import * as kms from 'aws-cdk-lib/aws-kms';
import * as msk from 'aws-cdk-lib/aws-msk';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface MskScramUsersProps {
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly scramUsers: readonly string[];
}

export class MskScramUsers extends Construct {
  /** User name -> its secret, with `username` and `password`. */
  readonly secrets: ReadonlyMap<string, secrets.Secret>;

  constructor(scope: Construct, id: string, { clusterArn, clusterName, scramUsers }: MskScramUsersProps) {
    super(scope, id);
    // MSK refuses secrets under the account's default key.
    const encryptionKey = new kms.Key(this, 'Key', {
      description: `Passwords of Kafka users of ${clusterName}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.secrets = new Map(
      scramUsers.map((user) => [
        user,
        new secrets.Secret(this, user, {
          // MSK takes only secrets of this prefix.
          secretName: `AmazonMSK_${clusterName}_${user}`,
          encryptionKey,
          generateSecretString: {
            secretStringTemplate: JSON.stringify({ username: user }),
            generateStringKey: 'password',
            excludePunctuation: true,
            passwordLength: 32,
          },
          removalPolicy: RemovalPolicy.RETAIN,
        }),
      ]),
    );
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'a new password must reach the client at the same time, which only its owner can arrange',
    });
    new msk.CfnBatchScramSecret(this, 'Association', {
      clusterArn,
      secretArnList: [...this.secrets.values()].map(({ secretArn }) => secretArn),
    });
  }
}

/** A Glue Schema Registry with the schemas of topics; kept with the stack's data, because records name its versions. */
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface TopicSchema {
  /** Of the topic; the serialiser of Glue looks its schema up by it. */
  readonly topic: string;
  readonly format: 'AVRO' | 'JSON' | 'PROTOBUF';
  /** First version, which never changes here: a new one is registered by a producer or by the AWS CLI. */
  readonly definition: string;
  /**
   * What a new version must keep.
   *
   * @default 'BACKWARD', new readers read old records
   */
  readonly compatibility?: 'NONE' | 'BACKWARD' | 'BACKWARD_ALL' | 'FORWARD' | 'FORWARD_ALL' | 'FULL' | 'FULL_ALL';
}

export interface SchemaRegistryProps {
  readonly name: string;
  readonly schemas: readonly TopicSchema[];
}

export class SchemaRegistry extends Construct {
  readonly registryArn: string;
  private readonly schemaArns: readonly string[];

  constructor(scope: Construct, id: string, { name, schemas }: SchemaRegistryProps) {
    super(scope, id);
    const registry = new glue.CfnRegistry(this, 'Registry', { name });
    registry.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.registryArn = registry.attrArn;
    this.schemaArns = schemas.map(({ topic, format, definition, compatibility }) => {
      const schema = new glue.CfnSchema(this, topic, {
        name: topic,
        registry: { arn: registry.attrArn },
        dataFormat: format,
        compatibility: compatibility ?? 'BACKWARD',
        schemaDefinition: definition,
      });
      schema.applyRemovalPolicy(RemovalPolicy.RETAIN);
      return schema.attrArn;
    });
  }

  /** Lets the grantee look schemas up, as consumers and producers do. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    const actions = ['glue:GetSchemaByDefinition', 'glue:GetSchemaVersion'];
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.registryArn, ...this.schemaArns] });
  }

  /** Lets the grantee add versions to the schemas that are here, and make none. */
  grantRegister(grantee: iam.IGrantable): iam.Grant {
    const actions = ['glue:RegisterSchemaVersion'];
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.registryArn, ...this.schemaArns] });
  }
}

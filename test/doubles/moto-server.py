"""
moto's server, with what its Step Functions interpreter leaves out of the AWS SDK integrations: members of a request in
PascalCase, bodies and times of an answer as text. A member that the service does not have is an error, as in AWS.
"""

import sys

import boto3
from moto.kafka.models import KafkaBackend
from moto.server import main
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk as sdk,
)


def operation_of(task):
    client = boto3.client(task._get_boto_service_name(), region_name="us-east-1")
    name = client.meta.method_to_api_mapping[task._get_boto_service_action()]
    return client.meta.service_model.operation_model(name)


def pascal(name):
    return name[:1].upper() + name[1:]


def to_request(value, shape):
    if shape.type_name == "structure":
        for key in list(value):
            member = next((one for one in shape.members if pascal(one) == key), None)
            if member is None:
                raise ValueError(f"{shape.name} has no member {key}")
            to_request(value[key], shape.members[member])
            value[member] = value.pop(key)
    elif shape.type_name == "list":
        for one in value:
            to_request(one, shape.member)


def from_answer(value, shape):
    if shape is None:
        return
    if shape.type_name == "structure":
        for key in [key for key in value if key in shape.members]:
            one = value.pop(key)
            if hasattr(one, "read"):
                one = one.read().decode()
            elif hasattr(one, "isoformat"):
                one = one.isoformat()
            else:
                from_answer(one, shape.members[key])
            value[pascal(key)] = one
    elif shape.type_name == "list":
        for one in value:
            from_answer(one, shape.member)


def normalise_parameters(self, parameters, *_args, **_kwargs):
    to_request(parameters, operation_of(self).input_shape)


def normalise_response(self, response, *_args, **_kwargs):
    from_answer(response, operation_of(self).output_shape)


sdk.StateTaskServiceAwsSdk._normalise_parameters = normalise_parameters
sdk.StateTaskServiceAwsSdk._normalise_response = normalise_response


def rfc3339(describe):
    """MSK's times carry a zone, without which the client of AWS refuses the answer."""

    def described(*args, **named):
        answer = describe(*args, **named)
        cluster = answer.get("clusterInfo", answer)
        cluster["creationTime"] = cluster["creationTime"].replace(" ", "T").split("+")[0].rstrip("Z") + "Z"
        return answer

    return described


KafkaBackend.describe_cluster_v2 = rfc3339(KafkaBackend.describe_cluster_v2)
main(sys.argv[1:])

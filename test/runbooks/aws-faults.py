"""Faults of AWS commands, given as JSON lists of words on standard input: service, operation, options, required ones, and
the first key of --query, all by botocore's model, from which the AWS CLI makes its commands."""
import json
import re
import sys

import botocore.session
from botocore import xform_name

OF_THE_CLI = {"--query", "--output", "--region", "--profile", "--max-items", "--page-size", "--no-cli-pager"}
session = botocore.session.get_session()
services = set(session.get_available_services())


def faults_of(command):
    _, service, operation, *words = [*command, "", ""]
    if service not in services:
        return [f"aws {service}: no such service"]
    model = session.get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    label = f"aws {service} {operation}"
    if operation not in names:
        return [f"{label}: no such operation"]
    operation_model = model.operation_model(names[operation])
    members = operation_model.input_shape.members if operation_model.input_shape else {}
    required = operation_model.input_shape.required_members if operation_model.input_shape else []
    known = {f"--{xform_name(member, '-')}" for member in members} | OF_THE_CLI
    given = [word for word in words if word.startswith("--")]
    faults = [f"{label} has no {option}" for option in given if option not in known]
    needed = [f"--{xform_name(member, '-')}" for member in required]
    faults += [f"{label} needs {option}" for option in needed if option not in given]
    if "--query" in given:
        query = words[words.index("--query") + 1]
        first = re.sub(r"^\w+\(", "", query).split(".")[0]
        keys = re.findall(r"[A-Za-z]\w*", first)[:1]
        answers = operation_model.output_shape.members if operation_model.output_shape else {}
        faults += [f"{label} answers nothing called {key}" for key in keys if key not in answers]
    return faults


print(json.dumps([fault for command in json.load(sys.stdin) for fault in faults_of(command)]))

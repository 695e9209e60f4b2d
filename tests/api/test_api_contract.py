"""A short run of Schemathesis: whatever fits the documentation gets an answer that the documentation describes."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
)

from tests.api.http_world import Http

CHECKS = [not_a_server_error, content_type_conformance, response_headers_conformance, response_schema_conformance]
RUN = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_operation_answers_as_documented(http: Http, subtests: pytest.Subtests) -> None:
    http.world.school()
    desk = http.administrator()
    schema = schemathesis.openapi.from_asgi("/openapi.json", http.app)
    for found in schema.get_all_operations():
        operation = found.ok()

        @RUN
        @given(case=operation.as_strategy())
        def run(case: Any) -> None:
            case.call_and_validate(headers=desk.headers(), checks=CHECKS)

        with subtests.test(operation.label):
            run()
    assert http.world.bank.audit().clean

"""The same create call as other frameworks answer it, each as its own documentation would have it written.

Run by uvicorn: `uvicorn --factory bench.peer_apps:starlette_app`. What is validated is said beside each.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from bench.orders import ROOT

PARTNER: Final = "unisouk"
SPEC: Final = "ORDERBRIDGE_BENCH_SPEC"
"""Names the bundled contract for those who read one."""
_ANSWER: Final = ROOT / "openapi" / PARTNER / "examples" / "createOrder.200.main.json"


def starlette_app() -> Any:
    """Answer the documented answer without a look at the request: what HTTP alone costs."""
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    content = json.dumps(json.loads(_ANSWER.read_bytes()), separators=(",", ":")).encode()

    async def create(request: Any) -> Response:
        await request.body()
        return Response(content, media_type="application/json")

    return Starlette(routes=[Route("/order", create, methods=["POST"])])


def fastapi_app() -> Any:
    """Validate request and answer by the generated models, as a FastAPI application does."""
    from fastapi import FastAPI, Header

    from orderbridge_models import unisouk

    content = json.loads(_ANSWER.read_bytes())
    app = FastAPI()
    created = unisouk.CreateOrderResponse

    async def create(order: Any, x_store_id: str, authorization: str) -> Any:
        del order, x_store_id, authorization
        return content

    # Annotations are set as values: as text, they would be looked up where these names are not known.
    create.__annotations__ = {"order": unisouk.CreateOrderRequest, "x_store_id": str, "authorization": str}
    create.__defaults__ = (Header(), Header())
    app.post("/order", response_model=created, response_model_exclude_unset=True)(create)
    return app


def connexion_app() -> Any:
    """Answer from the contract's examples, request and answer validated: Connexion's own mock."""
    from connexion import AsyncApp
    from connexion.mock import MockResolver

    document = json.loads(Path(os.environ[SPEC]).read_bytes())
    # A mock of Connexion's has nobody to ask about tokens.
    document.pop("security", None)
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    app = AsyncApp("bench")
    app.add_api(document, resolver=MockResolver(mock_all=True), validate_responses=True)
    return app
